"""Amounts as people write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.decision.person import Decision
from songhe.policy.package import Package
from songhe.policy.phrases import figure_shown, worth_in_words
from songhe.policy.rule import AmountRule
from songhe.rules.amount import Money, Worth, figures_of, worth
from songhe.rules.explain import explain
from songhe.rules.person import Facts, Setting


@dataclass(frozen=True)
class Figure:
    """A figure that an amount is worked out from."""

    name: Text
    shown: Text
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Amount:
    """What is paid, in words; `is_money` is false for a service; `figures` tell what it is worked out from."""

    text: Text
    is_money: bool
    figures: tuple[Figure, ...] = ()


def amount_of(decision: Decision, package: Package, day: dt.date, facts: Facts) -> Amount:
    """The amount of a decision; where the tier hangs on what is missing all tiers are told."""
    rule = decision.rule.amount
    if rule.kind == "none":
        return Amount(say("不发钱，是服务", "none, it is a service"), is_money=False)
    if rule.tiers and not _is_tier_known(rule, facts, package, day):
        text = say("分档发放，缺的信息清楚后才能确定", "Paid in tiers; what is missing decides which")
        return Amount(text, True, _tiers(rule, package, day))
    moneys = [rule.money] if rule.money else []
    return Amount(worth_in_words(decision.amount, rule.unit), True, _figures(moneys, package, day, decision.amount))


def _is_tier_known(rule: AmountRule, facts: Facts, package: Package, day: dt.date) -> bool:
    setting = Setting(day, package.figures, package.reading)
    for tier in rule.tiers:
        truth = explain(tier.condition, facts, setting).truth
        if truth is not False:
            return truth is True
    return True


def _tiers(rule: AmountRule, package: Package, day: dt.date) -> tuple[Figure, ...]:
    moneys = [tier.money for tier in rule.tiers]
    return tuple(
        Figure(
            _names(money, package),
            worth_in_words(worth(money, day, package.figures), rule.unit),
            _clauses(money, package),
        )
        for money in moneys
    )


def _figures(moneys: list[Money], package: Package, day: dt.date, amount: Worth) -> tuple[Figure, ...]:
    """The parameters behind the sum; one single figure that is the sum itself is not told twice."""
    ids = [id for money in moneys for id in figures_of(money)]
    if len(ids) < 2 and amount.fen is not None:
        return ()
    return tuple(_figure(id, package, day) for id in dict.fromkeys(ids))


def _figure(id: str, package: Package, day: dt.date) -> Figure:
    parameter = package.parameters[id]
    return Figure(parameter.name, figure_shown(parameter, package.figures, day), tuple(parameter.clauses))


def _names(money: Money, package: Package) -> Text:
    names = [package.parameters[id].name for id in figures_of(money)]
    return say(" × ".join(name.zh for name in names), " × ".join(name.en for name in names))


def _clauses(money: Money, package: Package) -> tuple[str, ...]:
    return tuple(clause for id in figures_of(money) for clause in package.parameters[id].clauses)
