"""What the run pays: items with an exact sum by the month or once, and what each is worth in each month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from songhe.decision.months import deciding_day
from songhe.decision.person import amount_on
from songhe.entitlement.months import month_of
from songhe.policy.package import Package
from songhe.policy.rhythm import is_monthly, rhythm
from songhe.policy.rule import Rule
from songhe.rules.amount import Worth, worth
from songhe.rules.person import Setting


def day_of(package: Package, month: int) -> dt.date:
    """The day whose facts decide a month under the package."""
    return deciding_day(month_of(month), package.month_decided_by)


def worths(rule: Rule, package: Package, day: dt.date) -> list[tuple[int, Worth]]:
    """(tier, amount) on a day: tier 0 is the item itself, tiers count from 1."""
    if not rule.amount.tiers:
        return [(0, amount_on(rule.amount, Setting(day, package.figures)))]
    return [(n, worth(tier.money, day, package.figures)) for n, tier in enumerate(rule.amount.tiers, start=1)]


def payable(package: Package, months: Sequence[int]) -> Mapping[tuple[str, int], Mapping[int, int]]:
    """(item, tier) → month → fen, where an exact sum above nothing is paid by the month, or once in that month."""
    sums: dict[tuple[str, int], dict[int, int]] = {}
    for rule in (rule for rule in package.rules_for("person") if rhythm(rule)):
        for month in months:
            for tier, amount in worths(rule, package, day_of(package, month)):
                if amount.kind == "exact" and amount.fen:
                    sums.setdefault((rule.id, tier), {})[month] = amount.fen
    return sums


def at_stake(rule: Rule, package: Package, day: dt.date) -> int:
    """The most a month of the item can bring, in fen; a floor where there is no sum, nothing where neither is."""
    return max((amount.fen or 0 for _, amount in worths(rule, package, day)), default=0) if is_monthly(rule) else 0


def column_of(item: str, tier: int) -> str:
    """The column of masks that pays, as in `songhe.decision.masks`."""
    return f"{item}~{tier}" if tier else item
