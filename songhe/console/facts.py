"""Recorded facts on a page: their values in people's words, what holds today, and the form that records another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from songhe.common import clock
from songhe.common.days import write_day
from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.policy.factbook import Factbook
from songhe.rules.vocabulary import Fact, Value

UNKNOWN = "unknown"
_DOCUMENT = say("依据文件", "Document")


@dataclass(frozen=True)
class Told:
    """A fact with what holds today and every record of it, the newest beginning first."""

    book: Factbook
    fact: Fact
    records: list[Any]

    @cached_property
    def present(self) -> Any | None:
        today = clock.today()
        counting = (one for one in self.records if one.valid_from <= today and not hasattr(one, "retraction"))
        return next(counting, None)

    @property
    def value(self) -> Text | None:
        return None if self.present is None else self._written(self.present.value)

    @property
    def told(self) -> list[tuple[Any, Text | None, bool]]:
        return [(one, self._written(one.value), hasattr(one, "retraction")) for one in self.records]

    def _written(self, text: str | None) -> Text | None:
        return in_words(self.fact, self.book.from_text(self.fact.name, text))


def told_of(book: Factbook, records: Iterable[Any], names: Iterable[str] | None = None) -> list[Told]:
    """Of every fact of a vocabulary (or of some); retracted records are shown as such."""
    ordered = list(records)
    wanted = book.facts if names is None else list(names)
    return [Told(book, book.facts[name], [one for one in ordered if one.fact == name]) for name in wanted]


def in_words(fact: Fact, value: Value | None) -> Text | None:
    """A value in people's words; None for unknown."""
    if value is None:
        return None
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if fact.type == "date":
        return write_day(value)  # type: ignore[arg-type]
    return (fact.value_labels or {}).get(str(value), say(str(value), str(value)))


class NewFact(Form):
    """A value that fits the fact; `value` cleans to what is recorded, None for unknown."""

    valid_from = DayField(label=say("起", "From"))
    document = forms.CharField(label=_DOCUMENT, max_length=200)

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _VALUES.get(fact.type, _number)(fact)
        is_choice = isinstance(self.fields["value"], TextChoiceField)
        self.fields["value"].widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
        self.order_fields(["value", "valid_from", "document"])


def _chosen(fact: Fact, options: Sequence[tuple[str, Text]]) -> forms.Field:
    field = TextChoiceField(
        label=fact.label, options=[("", say("请选择", "choose")), *options, (UNKNOWN, say("不详", "not known"))]
    )
    field.coerce = lambda value: None if value == UNKNOWN else value
    return field


def _number(fact: Fact) -> forms.Field:
    return forms.IntegerField(label=fact.label, min_value=0, required=False)


_VALUES: dict[str, Callable[[Fact], forms.Field]] = {
    "bool": lambda fact: _chosen(fact, [("true", say("是", "yes")), ("false", say("否", "no"))]),
    "code": lambda fact: _chosen(fact, list((fact.value_labels or {}).items())),
    "date": lambda fact: DayField(label=fact.label, required=False),
    "decimal": lambda fact: forms.DecimalField(
        label=fact.label, min_value=0, max_digits=12, decimal_places=2, required=False
    ),
}
