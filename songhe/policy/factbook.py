"""Facts of a subject as texts in a table: what may be recorded of it, and what holds once records follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from songhe.policy.folders import BUILT_IN
from songhe.policy.load import load_package
from songhe.rules.vocabulary import Fact, Value

_TRUTHS = {"true": True, "false": False}


class Factbook:
    """The facts that rules read of a subject such as `institution`; what cannot be one raises `error(zh, en)`."""

    def __init__(self, subject: str, error: type[ValueError]) -> None:
        self.subject = subject
        self.error = error

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """In the order of `policies/cn/facts.yaml`."""
        return load_package(str(BUILT_IN / "cn")).vocabularies[self.subject].facts

    def fact(self, name: str) -> Fact:
        if name not in self.facts:
            raise self.error(f"没有这项事实：{name}。", f"There is no such fact: {name}.")
        return self.facts[name]

    def to_text(self, name: str, raw: Any) -> str | None:
        """A value in the one form it is stored in; None stays None (unknown). Takes numbers and truths as texts too."""
        if raw is None:
            return None
        fact = self.fact(name)
        try:
            value = fact.read(_typed(fact, raw))
        except ValueError as error:
            raise self.error(f"{fact.label.zh}的值有误。", f"{fact.label.en}: {error}.") from None
        if isinstance(value, bool):
            return str(value).lower()
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def from_text(self, name: str, text: str | None) -> Value | None:
        """What `to_text` wrote, typed again."""
        return None if text is None else self.fact(name).read(_typed(self.fact(name), text))

    def resolve(self, records: Iterable[tuple[str, str | None]]) -> dict[str, Value]:
        """The facts after (fact, text) records in their order: the later counts, and what is unknown is not in it.

        Records of facts that the vocabulary no longer has are passed over.
        """
        last = {name: text for name, text in records if name in self.facts}
        return {name: value for name, text in last.items() if (value := self.from_text(name, text)) is not None}


def _typed(fact: Fact, raw: Any) -> Any:
    """Texts of forms as the vocabulary wants them."""
    if not isinstance(raw, str):
        return raw
    if fact.type == "bool":
        return _TRUTHS.get(raw.strip(), raw)
    return int(raw) if fact.type == "int" and raw.strip().isascii() and raw.strip().isdigit() else raw
