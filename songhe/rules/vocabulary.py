"""What rules may ask about a subject: the facts with their types, and the parameters with theirs."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from songhe.common.calendar import parse_date
from songhe.common.text import Text

Value = str | int | bool | dt.date | Decimal


@dataclass(frozen=True)
class Fact:
    """One thing the platform may know (事实), of a type in date, bool, int, money, code, division, decimal."""

    name: str
    type: str
    label: Text
    values: tuple[str, ...] = ()
    value_labels: Mapping[str, Text] | None = None

    def read(self, raw: Any) -> Value | None:
        """A JSON or Parquet value as this fact's type; null is unknown. ValueError says what was wrong."""
        if raw is None:
            return None
        return _READERS[self.type](self, raw)


def _read_date(fact: Fact, raw: Any) -> dt.date:
    if isinstance(raw, dt.datetime):
        raise ValueError(f"{raw} has a time; a date is a day like 2024-05-01")
    if isinstance(raw, dt.date):
        return raw
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is not a date; write it like 2024-05-01")
    return parse_date(raw)


def _read_bool(fact: Fact, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is not true or false")
    return raw


def _read_int(fact: Fact, raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        unit = " of fen" if fact.type == "money" else ""
        raise ValueError(f"{raw!r} is not a whole number{unit}")
    if raw < 0:
        raise ValueError(f"{raw} is below zero")
    if raw >= 2**63:
        raise ValueError(f"{raw} is too large")
    return raw


def _read_decimal(fact: Fact, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise ValueError(f"{raw!r} is not a number")
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise ValueError(f"{raw!r} is not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError(f"{raw!r} is not a number of zero or more")
    if number >= 10**12:
        raise ValueError(f"{raw} is too large")
    return number


def _read_code(fact: Fact, raw: Any) -> str:
    # A grade may arrive as the number 2; it is the code '2' and nothing else.
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if text not in fact.values:
        raise ValueError(f"{raw!r} is not one of {', '.join(fact.values)}")
    return str(text)


def _read_division(fact: Fact, raw: Any) -> str:
    if not isinstance(raw, str) or not raw.isdigit() or not raw.isascii() or len(raw) not in (2, 4, 6, 9, 12):
        raise ValueError(f"{raw!r} is not a division code of 2, 4, 6, 9 or 12 digits")
    return raw


_READERS: dict[str, Callable[[Fact, Any], Value]] = {
    "date": _read_date,
    "bool": _read_bool,
    "int": _read_int,
    "money": _read_int,
    "decimal": _read_decimal,
    "code": _read_code,
    "division": _read_division,
}


@dataclass(frozen=True)
class Vocabulary:
    """The facts of one kind of subject, in the order of the vocabulary file."""

    subject: str
    facts: Mapping[str, Fact]

    def suggest(self, name: str) -> str:
        """The nearest fact names, for an error message."""
        near = difflib.get_close_matches(name, self.facts, n=2, cutoff=0.6)
        return f"did you mean {' or '.join(near)}?" if near else "see policies/cn/facts.yaml for the names"
