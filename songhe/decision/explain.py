"""Why a decision is as it is, and the next day on which it changes if the facts stay as they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from songhe.common.text import Text
from songhe.decision.person import Decider, Decision, make_decider
from songhe.decision.standard import StandardDecision
from songhe.policy.package import Package
from songhe.rules.amount import figures_of
from songhe.rules.explain import Explained, change_days, explain
from songhe.rules.person import Facts, Setting
from songhe.rules.vocabulary import Vocabulary


def explain_decision(decision: Decision, facts: Facts, package: Package, day: dt.date) -> Explained:
    """The tree of the whole condition with every leaf's value, truth and clause."""
    return explain(decision.rule.condition, facts, Setting(day, package.figures, package.reading))


def explain_with_sources(decision: Decision, facts: Facts, package: Package, day: dt.date) -> Explained:
    """As `explain_decision`, where every leaf has a label and the clause it rests on."""
    entitlement = decision.rule.entitlement
    tree = explain_decision(decision, facts, package, day)
    return _with_sources(tree, package.vocabularies[entitlement.subject], (entitlement.clauses[0],))


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


def _with_sources(node: Explained, vocabulary: Vocabulary, clauses: tuple[str, ...]) -> Explained:
    """Every leaf with a label and the clause it rests on.

    A leaf that names neither takes the labels of its facts and the clause of what holds it; inside a shared term that
    cites no clause there is none to take.
    """
    own = node.clauses or (() if node.kind == "term" else clauses)
    parts = tuple(_with_sources(part, vocabulary, own) for part in node.parts)
    if node.kind != "leaf":
        return replace(node, parts=parts)
    return replace(node, clauses=own, label=node.label or _label(node, vocabulary))


def _label(leaf: Explained, vocabulary: Vocabulary) -> Text | None:
    labels = [vocabulary.facts[name].label for name in leaf.facts or ()]
    if not labels:
        return None
    return Text(zh="、".join(label.zh for label in labels), en=", ".join(label.en for label in labels))


def explained_dict(decision: Decision, facts: Facts, package: Package, day: dt.date) -> dict[str, Any]:
    """The decision as the terminal contract writes it with `--explain`."""
    change = next_change(decision, facts, package, day)
    sourced = explain_with_sources(decision, facts, package, day)
    return {
        **decision.as_dict(),
        "missing_parameters": list(decision.found.figures),
        "next_change": change.isoformat() if change else None,
        "explanation": sourced.as_dict(),
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
