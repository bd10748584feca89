"""Amounts (金额): exact, at least or unwritten, each in its own unit; nothing is made comparable in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from songhe.common.text import Text, join, say
from songhe.policy.compare.conditions import Line, area_namer
from songhe.policy.compare.rows import Members
from songhe.policy.compare.said import Detail, Said, clauses_of, conflicts_of
from songhe.policy.package import Package
from songhe.policy.phrases import Words, figure_shown, sum_in_words, worth_in_words
from songhe.policy.rule import AmountRule
from songhe.rules.amount import UNSET, Money, Worth, figures_of, worth

_MONTH, _YEAR, _MONTHS = "月", "年", 12


@dataclass(frozen=True)
class _Paid:
    """An amount with what it stands on: an entitlement, or a subsidy among the standards."""

    id: str
    name: Text
    subject: str
    amount: AmountRule
    clauses: Sequence[str]


def say_amounts(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """What is paid by the entitlements, and by the subsidies of institutions."""
    for paid in _paid(package, members):
        if paid.amount.kind == "none":
            continue
        worths = _worths(paid.amount, package, day)
        clauses = clauses_of(package, paid.clauses)
        yield Said(
            paid.id, paid.name, _text(paid, worths, package, day), clauses, _figures(paid.amount, package, day),
            certainty=_certainty(worths), ours=_by_year(paid.amount, worths),
            conflicts=conflicts_of(package, clauses),
        )  # fmt: skip


def _paid(package: Package, members: Members) -> Iterator[_Paid]:
    for id in members.entitlements:
        rule, entry = package.rules[id], package.entitlements[id]
        yield _Paid(id, entry.name, entry.subject, rule.amount, rule.clauses)
    for id in members.standards:
        standard = package.standard_rules.get(id)
        if standard is not None and standard.amount is not None:
            entry_ = standard.standard
            yield _Paid(id, entry_.name, entry_.subject, standard.amount, entry_.clauses)


def _worths(amount: AmountRule, package: Package, day: dt.date) -> list[Worth]:
    """One for each tier, or one for the whole."""
    moneys = _moneys(amount)
    return [worth(money, day, package.figures) for money in moneys] or [UNSET]


def _moneys(amount: AmountRule) -> list[Money]:
    return [amount.money] if amount.money else [tier.money for tier in amount.tiers]


def _text(paid: _Paid, worths: Sequence[Worth], package: Package, day: dt.date) -> Text:
    shown = [_shown(one, paid.amount.unit) for one in worths]
    if not paid.amount.tiers:
        return shown[0]
    line = Line(package, Words(package, day, area_namer(package), paid.subject))
    tiers = zip(paid.amount.tiers, shown, strict=True)
    parts = [(line.of(tier.condition), text) for tier, text in tiers]
    return join([say(f"{when.zh}：{text.zh}", f"{when.en}: {text.en}") for when, text in parts], "；", "; ")


def _shown(one: Worth, unit: str | None) -> Text:
    text = worth_in_words(one, unit)
    if one.kind == "unset" and unit and unit != "元":
        return say(f"{text.zh}（单位：{unit}）", f"{text.en} (unit: {unit})")
    return text


def _certainty(worths: Sequence[Worth]) -> str:
    """The least certain of the tiers."""
    kinds = {one.kind for one in worths}
    return next(kind for kind in ("unset", "at_least", "exact") if kind in kinds)


def _figures(amount: AmountRule, package: Package, day: dt.date) -> tuple[Detail, ...]:
    """The figures a sum is worked out from; one that is the sum itself is not told twice."""
    ids = dict.fromkeys(id for money in _moneys(amount) for id in figures_of(money))
    if len(ids) < 2:
        return ()
    found = [package.parameters[id] for id in ids]
    return tuple(Detail(one.name, figure_shown(one, package.figures, day)) for one in found)


def _by_year(amount: AmountRule, worths: Sequence[Worth]) -> Text | None:
    """A monthly sum as twelve of them, where there is one sum; other periods are left as they are."""
    unit = amount.unit or ""
    if _MONTH not in unit.split("/") or len(worths) != 1 or worths[0].fen is None:
        return None
    yearly = "/".join(_YEAR if part == _MONTH else part for part in unit.split("/"))
    text = sum_in_words(worths[0].fen * _MONTHS, yearly)
    if worths[0].kind == "at_least":
        text = say(f"不低于 {text.zh}", f"at least {text.en}")
    return say(f"{text.zh}（12个月之和）", f"{text.en} (twelve months)")
