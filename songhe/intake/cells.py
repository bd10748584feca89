"""One cell: from what a department wrote to a value of the vocabulary, or an error that says how to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from songhe.common import resident_id
from songhe.common.dates import DateError, read_date
from songhe.intake.problems import CellError
from songhe.registry.sources.mapping import NUMBER, Column
from songhe.registry.vocabulary import personal_facts, rule_facts

Reader = Callable[[str], Any]

_SPOILT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_OLD_NUMBER = re.compile(r"[0-9]{15}")
_NOISE = re.compile(r"[\s-]+")
_MOST_FEN = 10**15


def reader_of(column: Column) -> Reader:
    """What reads a column's cells (not empty, without spaces around): text → value. It raises CellError."""
    if column.fact == NUMBER:
        return read_number
    if column.fact in personal_facts():
        return _read_digits if personal_facts()[column.fact].key else str
    kind = rule_facts()[column.fact].type
    if kind in ("bool", "code"):
        return _Words(column)
    return _READERS[kind] if kind != "money" else _MONEY[column.unit]


class _Words:
    def __init__(self, column: Column) -> None:
        self._words = column.words
        fact = rule_facts()[column.fact]
        names = (text.zh for text in (fact.value_labels or {}).values())
        self._choice = "、".join(names) if fact.type == "code" else "是、否"
        self._choice_en = ", ".join(fact.values) if fact.type == "code" else "是 (yes), 否 (no)"

    def __call__(self, text: str) -> Any:
        try:
            return self._words[text]
        except KeyError:
            pass
        value = self._words.get("".join(unicodedata.normalize("NFKC", text).split()))
        if value is None:
            raise CellError(f"不认识这种填法，请填：{self._choice}", f"not understood; write one of: {self._choice_en}")
        return value


def read_number(text: str) -> str:
    """A resident number in its eighteen characters; one of fifteen digits is given its century and check character."""
    _refuse_spoilt(text)
    number = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    if _OLD_NUMBER.fullmatch(number):
        # Numbers of fifteen digits were given to people born in the 1900s only.
        body = f"{number[:6]}19{number[6:]}"
        number = body + resident_id.check_digit(body)
    if not resident_id.is_valid(number):
        raise CellError(
            "号码有误：须为18位（或旧15位），出生日期和校验码要相符，请核对",
            "not a valid number: 18 characters (or 15 of old), birth date and check character must agree",
        )
    return number


def read_day(text: str) -> Any:
    """A day. Raises CellError."""
    try:
        return read_date(text)
    except DateError as error:
        raise CellError(error.zh, error.en) from None


def _read_digits(text: str) -> str:
    _refuse_spoilt(text)
    return text


def _refuse_spoilt(text: str) -> None:
    if _SPOILT.fullmatch(text):
        raise CellError(
            "号码被电子表格变成了数值，末几位已丢失；请把此列设为“文本”格式，再从原始资料填写",
            "a spreadsheet made a number of it and lost its last digits; format the column as text and fill it in anew",
        )


def _read_division(text: str) -> str:
    code = unicodedata.normalize("NFKC", text)
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise CellError("请填6、9或12位行政区划代码", "write a division code of 6, 9 or 12 digits")
    return code


def _read_int(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 15):
        raise CellError("请填不小于零的整数", "write a whole number, zero or more")
    return int(plain)


def _read_yuan(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("元").lstrip("¥").replace(",", "").strip()
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        fen = Decimal(-1)
    if not (fen.is_finite() and 0 <= fen < _MOST_FEN and fen == fen.to_integral_value()):
        raise CellError("请填金额（元），最多两位小数，如 586.50", "write a sum in yuan, such as 586.50")
    return int(fen)


_MONEY: dict[str, Reader] = {"yuan": _read_yuan, "fen": _read_int}
_READERS: dict[str, Reader] = {"date": read_day, "int": _read_int, "division": _read_division}
