"""Why a decision is as it is, and the next day on which it changes if the facts stay as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from songhe.decision.person import Decider, Decision, make_decider
from songhe.decision.standard import StandardDecision
from songhe.policy.package import Package
from songhe.rules.amount import figures_of
from songhe.rules.explain import Explained, change_days, explain
from songhe.rules.person import Facts, Setting


def explain_decision(decision: Decision, facts: Facts, package: Package, day: dt.date) -> Explained:
    """The tree of the whole condition with every leaf's value, truth and clause."""
    return explain(decision.rule.condition, facts, Setting(day, package.figures, package.reading))


def next_change(decision: Decision, facts: Facts, package: Package, day: dt.date) -> dt.date | None:
    """The first later day on which answer, variant or amount differ, with the facts as known; None when none does."""
    setting = Setting(day, package.figures, package.reading)
    days = {*change_days(decision.rule.conditions, facts, setting), *_amount_days(decision, package, day)}
    now = _outcome(decision)
    subject = decision.rule.entitlement.subject

    def outcome(later: dt.date) -> object:
        return _outcome(_find(make_decider(package, later, subject, only=decision.rule.id), facts, decision.rule.id))

    return next((later for later in sorted(days) if outcome(later) != now), None)


def _amount_days(decision: Decision, package: Package, day: dt.date) -> list[dt.date]:
    amount = decision.rule.amount
    sums = [amount.money] if amount.money else [tier.money for tier in amount.tiers]
    ids = {id for money in sums for id in figures_of(money)}
    return [change for id in ids for change in package.figures.changes(id) if change > day]


def _outcome(decision: Decision) -> tuple[str, str | None, object]:
    return decision.answer, decision.variant, decision.amount


def _find(decider: Decider, facts: Facts, id: str) -> Decision:
    return next(decision for decision in decider.decide(facts) if decision.rule.id == id)


def explained_dict(decision: Decision, facts: Facts, package: Package, day: dt.date) -> dict[str, Any]:
    """The decision as the terminal contract writes it with `--explain`."""
    change = next_change(decision, facts, package, day)
    return {
        **decision.as_dict(),
        "missing_parameters": list(decision.found.figures),
        "next_change": change.isoformat() if change else None,
        "explanation": explain_decision(decision, facts, package, day).as_dict(),
    }


def explained_standard(decision: StandardDecision, facts: Facts, package: Package, day: dt.date) -> dict[str, Any]:
    """A standard's decision with the trees of when it applies and when it is met."""
    setting = Setting(day, package.figures, package.reading)
    rule = decision.rule
    trees = {"applies": rule.applies, "met_when": rule.met_when}
    return {
        **decision.as_dict(),
        "missing_parameters": list(decision.found.figures),
        "explanation": {
            name: explain(node, facts, setting).as_dict() for name, node in trees.items() if node is not None
        },
    }
