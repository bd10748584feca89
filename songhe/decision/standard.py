"""Standards of estates and institutions, and the subsidies institutions may claim, decided for one subject.

Quantities are exact fractions, compared before anything is rounded. A standard that does not apply is left out; one of
which that is unknown is undetermined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from songhe.decision.person import ENTITLED, NOT_ENTITLED, UNDETERMINED, amount_on
from songhe.policy.package import Package
from songhe.policy.rule import StandardRule
from songhe.rules.amount import UNSET, Worth
from songhe.rules.person import Compiled, Facts, Found, Setting, Truth, compile_condition
from songhe.rules.quantity import Quantity, names_of, parameters_in, plain_number, quantity, with_figures, written

MET, NOT_MET = "met", "not_met"


@dataclass(frozen=True)
class StandardDecision:
    """The answer for one standard; quantities are in the standard's unit."""

    rule: StandardRule
    answer: str
    found: Found
    required: Fraction | None = None
    actual: Fraction | None = None
    counted: Fraction | None = None
    amount: Worth | None = None
    write: Callable[[], str] | None = None

    @property
    def arithmetic(self) -> str | None:
        """`1240 × 20 ÷ 100 = 248`; written when somebody reads it, as few are read of many."""
        return None if self.write is None else self.write()

    @property
    def shortfall(self) -> Fraction | None:
        """How much is missing; zero where the standard is met."""
        if self.required is None or self.actual is None:
            return None
        gap = self.actual - self.required if self.rule.standard.compare == "at_most" else self.required - self.actual
        return max(gap, Fraction(0)) if self.rule.standard.compare != "equal" else abs(gap)

    def as_dict(self) -> dict[str, Any]:
        """As the terminal contract writes it."""
        standard = self.rule.standard
        fields: dict[str, Any] = {"id": standard.id, "name": standard.name.zh, "answer": self.answer}
        if self.amount is not None:
            fields["amount"] = {
                "kind": self.amount.kind,
                "fen": self.amount.fen,
                "unit": self.rule.amount_unit,
            }
            fields["counted"] = _number(self.counted)
        else:
            fields |= {
                "required": _number(self.required),
                "actual": _number(self.actual),
                "shortfall": _number(self.shortfall),
                "unit": standard.unit,
                "arithmetic": self.arithmetic,
            }
        return fields | {
            "missing": list(self.found.missing),
            "open_terms": list(self.found.open_terms),
            "conventions": list(self.found.conventions),
            "clauses": list(self.rule.clauses),
        }


def _number(value: Fraction | None) -> int | float | str | None:
    return None if value is None else plain_number(value)


def decide_standards(package: Package, day: dt.date, subject: str, facts: Facts) -> list[StandardDecision]:
    """Every computable standard of the subject that applies or may apply, in the order of the package."""
    return standards_on(package, day, subject)(facts)


def standards_on(package: Package, day: dt.date, subject: str) -> Callable[[Facts], list[StandardDecision]]:
    """As `decide_standards`, with the conditions compiled once: for many subjects on one day."""
    setting = Setting(day, package.figures, package.reading)
    rules = (
        rule for rule in package.standard_rules.values() if rule.standard.subject == subject and rule.is_computable
    )
    prepared = [_prepare(rule, setting) for rule in rules]

    def decide(facts: Facts) -> list[StandardDecision]:
        decisions = (_decide(one, facts, setting) for one in prepared)
        return [decision for decision in decisions if decision is not None]

    return decide


@dataclass(frozen=True)
class _Prepared:
    """A standard with its conditions compiled for a day."""

    rule: StandardRule
    applies: Compiled
    met_when: Compiled | None
    actual: Quantity | None
    required: Quantity | None


def _prepare(rule: StandardRule, setting: Setting) -> _Prepared:
    met_when = None if rule.met_when is None else compile_condition(rule.met_when, setting)
    actual, required = (
        None if node is None else with_figures(node, setting.day, setting.figures)
        for node in (rule.actual, rule.required)
    )
    return _Prepared(rule, compile_condition(rule.applies, setting), met_when, actual, required)


def _decide(one: _Prepared, facts: Facts, setting: Setting) -> StandardDecision | None:
    found = Found()
    truth = one.applies.truth(facts)
    if one.rule.is_subsidy:
        one.applies.trace(facts, truth, found)
        return _subsidy(one.rule, truth, facts, setting, found)
    if truth is False:
        return None
    one.applies.trace(facts, truth, found)
    if one.met_when is not None:
        return _yes_or_no(one.rule, one.met_when, truth, facts, found)
    return _quantity(one, truth, facts, setting, found)


def _subsidy(rule: StandardRule, truth: Truth, facts: Facts, setting: Setting, found: Found) -> StandardDecision:
    answer = {True: ENTITLED, False: NOT_ENTITLED, None: UNDETERMINED}[truth]
    counted = None
    if rule.counted is not None and truth is not False:
        counted = quantity(rule.counted, facts, setting.day, setting.figures)
        _note_unknown(rule.counted, facts, setting, found)
    amount = Worth("none", None) if truth is False else _worth(rule, setting)
    return StandardDecision(rule, answer, found, counted=counted, amount=amount)


def _worth(rule: StandardRule, setting: Setting) -> Worth:
    return amount_on(rule.amount, setting) if rule.amount and not rule.amount.tiers else UNSET


def _yes_or_no(rule: StandardRule, condition: Compiled, applies: Truth, facts: Facts, found: Found) -> StandardDecision:
    truth = condition.truth(facts)
    condition.trace(facts, truth, found)
    return StandardDecision(rule, _answer(applies, truth), found)


def _quantity(one: _Prepared, applies: Truth, facts: Facts, setting: Setting, found: Found) -> StandardDecision:
    rule = one.rule
    assert one.actual is not None and one.required is not None and rule.required is not None and rule.actual is not None
    actual, required = (quantity(node, facts, setting.day, setting.figures) for node in (one.actual, one.required))
    for node, value in ((rule.required, required), (rule.actual, actual)):
        if value is None:
            _note_unknown(node, facts, setting, found)
    truth = None if actual is None or required is None else _compare(rule.standard.compare, actual, required)
    asked = rule.required

    def write() -> str:
        text = written(asked, facts, setting.day, setting.figures)
        return text if required is None else f"{text} = {plain_number(required)}"

    return StandardDecision(rule, _answer(applies, truth), found, required, actual, write=write)


def _compare(compare: str, actual: Fraction, required: Fraction) -> bool:
    if compare == "at_most":
        return actual <= required
    return actual == required if compare == "equal" else actual >= required


def _answer(applies: Truth, truth: Truth) -> str:
    """A standard that may not apply is met only when nobody could say otherwise, so it stays undetermined."""
    if applies is None or truth is None:
        return UNDETERMINED
    return MET if truth else NOT_MET


def _note_unknown(node: Quantity, facts: Facts, setting: Setting, found: Found) -> None:
    for name in names_of(node):
        if facts.get(name) is None:
            found.missing[name] = None
    for id in parameters_in(node):
        if setting.figures.value(id, setting.day) is None:
            found.figures[id] = None
