"""Everything a package owes one subject on one day.

Fails closed: only a condition that is known to be true yields `entitled`; unknown facts, open terms and missing figures
yield `undetermined`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from songhe.policy.package import Package
from songhe.policy.rule import AmountRule, Rule
from songhe.rules.amount import UNSET, Worth, worth
from songhe.rules.person import Compiled, Facts, Found, Setting, Truth, compile_condition

ENTITLED, NOT_ENTITLED, UNDETERMINED = "entitled", "not_entitled", "undetermined"
_ANSWERS: dict[Truth, str] = {True: ENTITLED, False: NOT_ENTITLED, None: UNDETERMINED}
NOTHING = Worth("none", None)


@dataclass(frozen=True)
class Decision:
    """The answer for one entitlement; `amount.fen` is integer fen in the unit's period."""

    rule: Rule
    answer: str
    variant: str | None
    amount: Worth
    found: Found

    @property
    def is_owed(self) -> bool:
        return self.answer == ENTITLED

    def as_dict(self) -> dict[str, Any]:
        """The decision as the terminal contract writes it."""
        return {
            "id": self.rule.id,
            "name": self.rule.entitlement.name.zh,
            "answer": self.answer,
            "variant": self.variant,
            "amount": {"kind": self.amount.kind, "fen": self.amount.fen, "unit": self.unit},
            "missing": list(self.found.missing),
            "open_terms": list(self.found.open_terms),
            "conventions": list(self.found.conventions),
            "clauses": list(self.rule.clauses),
        }

    @property
    def unit(self) -> str | None:
        """The unit of the amount; nothing paid has none."""
        return None if self.amount.kind == "none" else self.rule.amount.unit


@dataclass(frozen=True)
class _CompiledAmount:
    fixed: Worth | None
    tiers: tuple[tuple[Compiled, Worth], ...] = ()

    def of(self, facts: Facts, found: Found) -> Worth:
        if self.fixed is not None:
            return self.fixed
        for condition, amount in self.tiers:
            truth = condition.truth(facts)
            if truth is None:
                # Which tier holds hangs on an unknown: no sum is promised.
                condition.trace(facts, None, found)
                return UNSET
            if truth:
                return amount
        return UNSET


@dataclass(frozen=True)
class _CompiledRule:
    rule: Rule
    own: Compiled
    variants: tuple[tuple[str, Compiled], ...]
    amount: _CompiledAmount


@dataclass(frozen=True)
class Decider:
    """A package compiled for one kind of subject and one day; deciding a person takes microseconds."""

    package: Package
    day: dt.date
    subject: str
    premises: Mapping[int, Compiled] = field(repr=False)
    rules: tuple[_CompiledRule, ...] = field(repr=False)

    def decide(self, facts: Facts) -> list[Decision]:
        """One decision per entitlement, in list order. `facts` are typed values by name."""
        premises = {key: premise.truth(facts) for key, premise in self.premises.items()}
        return [self._decide(rule, premises[id(rule.rule.premise)], facts) for rule in self.rules]

    def _decide(self, compiled: _CompiledRule, premise: Truth, facts: Facts) -> Decision:
        own = compiled.own.truth(facts)
        truth = False if premise is False or own is False else None if premise is None or own is None else True
        found = Found()
        for part, value in ((self.premises[id(compiled.rule.premise)], premise), (compiled.own, own)):
            if value is truth and (part.speaks or truth is None):
                part.trace(facts, truth, found)
        variant = self._variant(compiled, facts, found) if truth else None
        amount = NOTHING if truth is False else compiled.amount.of(facts, found)
        return Decision(compiled.rule, _ANSWERS[truth], variant, amount, found)

    def _variant(self, compiled: _CompiledRule, facts: Facts, found: Found) -> str | None:
        """The first level that holds; none when an unknown stands before it, and what it hangs on is noted."""
        for name, condition in compiled.variants:
            truth = condition.truth(facts)
            if truth is None:
                condition.trace(facts, None, found)
            if truth is not False:
                return name if truth else None
        return None


def make_decider(package: Package, day: dt.date, subject: str = "person", *, only: str | None = None) -> Decider:
    """Compiles a package for a day; `only` limits it to one entitlement."""
    setting = Setting(day, package.figures, package.reading)
    rules = [rule for rule in package.rules_for(subject) if only in (None, rule.id)]
    premises = {id(rule.premise): compile_condition(rule.premise, setting) for rule in rules}
    return Decider(package, day, subject, premises, tuple(_compile(rule, setting) for rule in rules))


def _compile(rule: Rule, setting: Setting) -> _CompiledRule:
    variants = tuple((v.variant.id, compile_condition(v.condition, setting)) for v in rule.variants)
    own = compile_condition(rule.own_condition, setting)
    return _CompiledRule(rule, own, variants, _compile_amount(rule.amount, setting))


def _compile_amount(amount: AmountRule, setting: Setting) -> _CompiledAmount:
    if not amount.tiers:
        return _CompiledAmount(amount_on(amount, setting))
    tiers = (
        (compile_condition(tier.condition, setting), worth(tier.money, setting.day, setting.figures))
        for tier in amount.tiers
    )
    return _CompiledAmount(None, tuple(tiers))


def amount_on(amount: AmountRule, setting: Setting) -> Worth:
    """What an amount without tiers is worth on the day."""
    if amount.money is not None:
        return worth(amount.money, setting.day, setting.figures)
    return NOTHING if amount.kind == "none" else UNSET
