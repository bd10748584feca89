"""Why a condition has its answer: the tree with every part's truth, facts and clause, and when it may change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from songhe.common.calendar import birthday
from songhe.common.text import Text
from songhe.rules import tree
from songhe.rules.person import Facts, Setting, Truth, compile_condition, operand_value


@dataclass(frozen=True)
class Explained:
    """One part of a condition as it was decided.

    `kind` is all, any, not, leaf, term or open; `facts` are the values a leaf read (None is unknown), `figures` the
    parameter values; `assumed` tells that an unknown was read by the author's declared reason `because`.
    """

    kind: str
    truth: Truth
    text: str | None = None
    label: Text | None = None
    clauses: tuple[str, ...] = ()
    term: str | None = None
    convention: str | None = None
    facts: Mapping[str, Any] | None = None
    figures: Mapping[str, Any] | None = None
    because: Text | None = None
    assumed: bool = False
    parts: tuple[Explained, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, without empty fields."""
        fields: dict[str, Any] = {
            "kind": self.kind,
            "truth": self.truth,
            "test": self.text,
            "label": self.label and self.label.model_dump(),
            "clause": self.clauses[0] if len(self.clauses) == 1 else None,
            "clauses": list(self.clauses) if len(self.clauses) > 1 else None,
            "term": self.term,
            "convention": self.convention,
            "facts": None if self.facts is None else {name: _plain(value) for name, value in self.facts.items()},
            "parameters": None if not self.figures else {name: _plain(value) for name, value in self.figures.items()},
            "assumed": self.assumed or None,
            "because": self.because and self.because.model_dump(),
            "parts": [part.as_dict() for part in self.parts] or None,
        }
        return {key: value for key, value in fields.items() if value is not None or key == "truth"}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def explain(node: tree.Node, facts: Facts, setting: Setting) -> Explained:
    """The condition with the truth of every part."""
    truth = compile_condition(node, setting).truth(facts)
    match node:
        case tree.Noted():
            return _noted(node, truth, facts, setting)
        case tree.All(parts):
            return Explained("all", truth, parts=tuple(explain(part, facts, setting) for part in parts))
        case tree.Any(parts):
            return Explained("any", truth, parts=tuple(explain(part, facts, setting) for part in parts))
        case tree.Not(part):
            return Explained("not", truth, parts=(explain(part, facts, setting),))
        case tree.Open(term, surely, surely_not):
            return _open(term, surely, surely_not, truth, facts, setting)
        case tree.Assume(part, _, because):
            inner = explain(part, facts, setting)
            is_assumed = inner.truth is None
            return _leaf(node, truth, facts, setting, because=because if is_assumed else None, assumed=is_assumed)
        case _:
            return _leaf(node, truth, facts, setting)


def _noted(node: tree.Noted, truth: Truth, facts: Facts, setting: Setting) -> Explained:
    """A note is shown with what it notes: on the leaf itself, or around a joined part."""
    if node.kind == "leaf":
        because, assumed = None, False
        if isinstance(node.part, tree.Assume) and explain(node.part.part, facts, setting).truth is None:
            because, assumed = node.part.because, True
        return _leaf(
            node.part, truth, facts, setting,
            text=node.text, label=node.label, clauses=node.clauses, convention=node.convention,
            because=because, assumed=assumed,
        )  # fmt: skip
    inner = explain(node.part, facts, setting)
    kind = "term" if node.kind in ("term", "use") else inner.kind
    joined = inner.kind in ("all", "any", "not", "open") and node.kind != "use"
    return Explained(
        kind,
        truth,
        label=node.label or (inner.label if kind == "term" else None),
        clauses=node.clauses or (inner.clauses if not joined else ()),
        term=node.term or inner.term,
        convention=node.convention or (inner.convention if kind == "term" else None),
        parts=inner.parts if node.kind == "use" or (joined and kind != "term") else (inner,),
    )


def _open(
    term: str, surely: tree.Node, surely_not: tree.Node, truth: Truth, facts: Facts, setting: Setting
) -> Explained:
    sides = [side for side in (surely, surely_not) if side != tree.NEVER]
    return Explained("open", truth, term=term, parts=tuple(explain(side, facts, setting) for side in sides))


def _leaf(node: tree.Node, truth: Truth, facts: Facts, setting: Setting, **notes: Any) -> Explained:
    figures = {id: setting.figures.value(id, setting.day) for id in tree.parameters_of(node)}
    read = {name: facts.get(name) for name in tree.facts_of(node)}
    return Explained("leaf", truth, facts=read, figures=figures, **notes)


def change_days(nodes: tuple[tree.Node, ...], facts: Facts, setting: Setting) -> list[dt.date]:
    """The days after the setting's day on which a test of these conditions may turn, in order, each once."""
    found: set[dt.date] = set()
    for node in nodes:
        for part in tree.walk(node):
            found.update(_turns(part, facts, setting))
    return sorted(day for day in found if day > setting.day)


def _turns(node: tree.Node, facts: Facts, setting: Setting) -> Iterator[dt.date]:
    match node:
        case tree.AgeReached(years, fact):
            yield from _changes(years, setting)
            yield from _birthdays(facts.get(fact), years, setting)
        case tree.DayCompare(fact):
            value = facts.get(fact)
            if value is not None:
                yield value
                if value < dt.date.max:
                    yield value + dt.timedelta(days=1)
        case tree.Compare(_, _, operand):
            yield from _changes(operand, setting)
        case tree.Period(start, end):
            if start:
                yield start
            if end and end < dt.date.max:
                yield end + dt.timedelta(days=1)


def _birthdays(birth: dt.date | None, years: tree.Operand, setting: Setting) -> Iterator[dt.date]:
    """The birthday of the age asked for, under each value that its parameter ever takes."""
    if birth is None:
        return
    ages = {operand_value(years, setting)}
    if isinstance(years, tree.ParameterRef):
        ages |= {figure.value for figure in setting.figures.values.get(years.id, ())}
    for age in ages:
        if isinstance(age, int) and (day := birthday(birth, age)):
            yield day


def _changes(operand: tree.Operand, setting: Setting) -> list[dt.date]:
    return setting.figures.changes(operand.id) if isinstance(operand, tree.ParameterRef) else []
