"""Amounts as people write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.decision.person import Decision
from songhe.policy.package import Package
from songhe.policy.parameters import show_value
from songhe.policy.rule import AmountRule
from songhe.rules.amount import Money, Worth, figures_of, worth
from songhe.rules.explain import explain
from songhe.rules.person import Facts, Setting
from songhe.rules.vocabulary import Value

_UNITS = {
    "元": "yuan",
    "月": "a month",
    "年": "a year",
    "次": "each time",
    "日": "a day",
    "天": "a day",
    "小时": "an hour",
    "人": "per person",
    "户": "per household",
    "床": "per bed",
    "张": "per bed",
}


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


def unit_in_english(unit: str) -> str:
    return " ".join(_UNITS.get(part, part) for part in unit.split("/"))


def sum_in_words(fen: int, unit: str | None) -> Text:
    """`100元/月/人`, `100 yuan a month per person`."""
    number = format_yuan(fen).removesuffix("元")
    unit = unit or "元"
    return say(f"{number}{unit}", f"{number} {unit_in_english(unit)}")


def amount_of(decision: Decision, package: Package, day: dt.date, facts: Facts) -> Amount:
    """The amount of a decision; where the tier hangs on what is missing all tiers are told."""
    rule = decision.rule.amount
    if rule.kind == "none":
        return Amount(say("不发钱，是服务", "none, it is a service"), is_money=False)
    if rule.tiers and not _is_tier_known(rule, facts, package, day):
        text = say("分档发放，缺的信息清楚后才能确定", "Paid in tiers; what is missing decides which")
        return Amount(text, True, _tiers(rule, package, day))
    moneys = [rule.money] if rule.money else []
    return Amount(_worth_in_words(decision.amount, rule.unit), True, _figures(moneys, package, day, decision.amount))


def _is_tier_known(rule: AmountRule, facts: Facts, package: Package, day: dt.date) -> bool:
    setting = Setting(day, package.figures, package.reading)
    for tier in rule.tiers:
        truth = explain(tier.condition, facts, setting).truth
        if truth is not False:
            return truth is True
    return True


def _worth_in_words(amount: Worth, unit: str | None) -> Text:
    if amount.fen is None:
        if amount.kind == "at_least":
            return say(
                "文件只写了最低比例，没有写基数，算不出金额",
                "Only a lowest share is written, not of what",
            )
        return say("文件没有写金额", "The document gives no amount")
    written = sum_in_words(amount.fen, unit)
    if amount.kind == "at_least":
        return say(f"不低于 {written.zh}", f"at least {written.en}")
    return written


def _tiers(rule: AmountRule, package: Package, day: dt.date) -> tuple[Figure, ...]:
    moneys = [tier.money for tier in rule.tiers]
    return tuple(
        Figure(
            _names(money, package),
            _worth_in_words(worth(money, day, package.figures), rule.unit),
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
    value, floor = package.figures.value(id, day), package.figures.floor(id, day)
    if value is not None:
        shown = figure_in_words(parameter.type, value)
    elif floor is not None:
        low = figure_in_words(parameter.type, floor)
        shown = say(f"不低于 {low.zh}", f"at least {low.en}")
    else:
        shown = say("文件没有写", "not written")
    return Figure(parameter.name, shown, tuple(parameter.clauses))


def figure_in_words(kind: str, value: Value) -> Text:
    """A parameter's value: `20%`, `100元`, `80`."""
    text = show_value(kind, value)
    return say(text, text.replace("元", " yuan"))


def _names(money: Money, package: Package) -> Text:
    names = [package.parameters[id].name for id in figures_of(money)]
    return say(" × ".join(name.zh for name in names), " × ".join(name.en for name in names))


def _clauses(money: Money, package: Package) -> tuple[str, ...]:
    return tuple(clause for id in figures_of(money) for clause in package.parameters[id].clauses)
