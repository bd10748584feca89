"""What a file may hold: the facts of the person's vocabulary, and what belongs to the person alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from songhe.common import resident_id
from songhe.common.text import Text
from songhe.policy.folders import BUILT_IN
from songhe.policy.load import load_package
from songhe.rules.vocabulary import Fact, Value


@dataclass(frozen=True)
class Personal:
    """A thing about a person that no rule reads (个人信息): sealed at rest or not, findable by keyed hash or not."""

    name: str
    label: Text
    sealed: bool
    key: bool = False
    mask: tuple[int, int] = (0, 0)

    def masked(self, text: str) -> str:
        """The text as a screen shows it unasked: `640381********12`; one that is too short shows nothing."""
        start, end = self.mask
        hidden = len(text) - start - end
        if hidden < 1:
            return "*" * len(text)
        return f"{text[:start]}{'*' * hidden}{text[len(text) - end :]}"


class StatementError(ValueError):
    """A statement that cannot be recorded: `fact` and, in Chinese and English, what was wrong."""

    def __init__(self, fact: str, zh: str, en: str) -> None:
        super().__init__(f"{fact}: {zh} {en}")
        self.fact, self.zh, self.en = fact, zh, en


@cache
def rule_facts() -> Mapping[str, Fact]:
    """The facts that rules read, in the order of `policies/cn/facts.yaml`.

    The built-in national package only: columns of the database follow from it, not from an operator's own folder.
    """
    return load_package(str(BUILT_IN / "cn")).vocabularies["person"].facts


@cache
def personal_facts() -> Mapping[str, Personal]:
    text = resources.files("songhe.registry").joinpath("personal.yaml").read_text(encoding="utf-8")
    entries = [{**entry, "label": Text(**entry["label"])} for entry in yaml.safe_load(text)]
    return {entry["name"]: Personal(**entry | {"mask": tuple(entry.get("mask", (0, 0)))}) for entry in entries}


@cache
def fact_names() -> tuple[str, ...]:
    """Every name a record may have: rule facts first, then personal ones."""
    return (*rule_facts(), *personal_facts())


def label(name: str) -> Text:
    """A fact's name for people. Raises StatementError for a fact that is not known."""
    if name in rule_facts():
        return rule_facts()[name].label
    return _personal(name).label


def is_sealed(name: str) -> bool:
    return name in personal_facts() and personal_facts()[name].sealed


def to_text(name: str, raw: Any) -> str | None:
    """A value in the one form it is stored in; None stays None (unknown). Raises StatementError.

    Takes what `Fact.read` takes: typed values, or those of JSON. A personal fact is a text in any usual spelling.
    """
    if raw is None:
        return None
    fact = rule_facts().get(name)
    if fact is None:
        return _personal_text(_personal(name), raw)
    try:
        value = fact.read(raw)
    except ValueError as error:
        raise StatementError(name, f"值有误（{fact.label.zh}）。", str(error)) from None
    return _canonical(value)


def from_text(name: str, text: str | None) -> Value | None:
    """What `to_text` wrote, typed again; a sealed fact's text is not stored and cannot be read here."""
    if text is None or name in personal_facts():
        return text
    fact = rule_facts()[name]
    reader = _READERS.get(fact.type)
    return reader(text) if reader else fact.read(text)


_READERS: dict[str, Callable[[str], Value]] = {"bool": lambda text: text == "true", "int": int, "money": int}


def _canonical(value: Value | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _personal(name: str) -> Personal:
    if name not in personal_facts():
        raise StatementError(name, "没有这项事实。", "There is no such fact; see facts.yaml and personal.yaml.")
    return personal_facts()[name]


_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ（）＋－　", "0123456789Xx()+- ")
_NOISE = re.compile(r"[\s()-]+")


def _personal_text(fact: Personal, raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip() or "\0" in raw:
        raise StatementError(fact.name, "应为非空文字。", "It must be a text that is not empty.")
    text = raw.strip()
    try:
        return _PERSONAL[fact.name](text)
    except ValueError as error:
        # The value itself stays out of the message: messages end up in logs.
        raise StatementError(fact.name, f"{fact.label.zh}有误。", str(error)) from None


def _resident_id(text: str) -> str:
    number = _NOISE.sub("", text.translate(_FULL_WIDTH)).upper()
    if not resident_id.is_valid(number):
        raise ValueError("not a valid resident number: form, date of birth and check character must agree")
    return number


def _number(text: str, shortest: int, longest: int) -> str:
    number = _NOISE.sub("", text.translate(_FULL_WIDTH))
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and shortest <= len(digits) <= longest):
        raise ValueError(f"must be a number of {shortest} to {longest} digits")
    return number


def _line(text: str, longest: int) -> str:
    line = " ".join(text.split())
    if len(line) > longest:
        raise ValueError(f"must not be longer than {longest} characters")
    return line


_PERSONAL: dict[str, Callable[[str], str]] = {
    "name": lambda text: _line(text, 60),
    "resident_id": _resident_id,
    "phone": lambda text: _number(text, 5, 20),
    "bank_account": lambda text: _number(text, 8, 30),
    "address": lambda text: _line(text, 200),
}
