"""A rule set over the months of the bench: its conditions, its days and what every column pays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from songhe.decision.masks import TIER_MARK, mask_conditions, read_facts_of
from songhe.decision.months import deciding_day, parse_months
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules import tree
from songhe.rules.amount import worth

HERE = Path(__file__).resolve().parent
MONTHS = "2024-01..2026-12"
PACKAGES = {"rules12": str(HERE / "rules12"), "suizhou": "suizhou-2023"}


@dataclass(frozen=True)
class RuleSet:
    package: Package

    @property
    def rules(self) -> list[Rule]:
        return self.package.rules_for("person")

    @cached_property
    def days(self) -> list[dt.date]:
        return [deciding_day(month, self.package.month_decided_by) for month in parse_months(MONTHS)]

    @cached_property
    def conditions(self) -> dict[str, tree.Node]:
        return mask_conditions(self.rules)

    @property
    def facts(self) -> list[str]:
        return read_facts_of(self.rules)

    @cached_property
    def fen(self) -> dict[str, list[int]]:
        """Per column what it pays in each month: 0 where nothing, or where its tiers pay."""
        paid = {name: [0] * len(self.days) for name in self.conditions}
        for rule in self.rules:
            sums = {rule.id: rule.amount.money}
            sums |= {f"{rule.id}{TIER_MARK}{n}": tier.money for n, tier in enumerate(rule.amount.tiers, start=1)}
            for name, money in sums.items():
                if money is not None:
                    paid[name] = [worth(money, day, self.package.figures).fen or 0 for day in self.days]
        return paid

    def epochs(self, name: str) -> list[tuple[int, int]]:
        """(months as bits, fen): the months of one sum together; they cover the whole horizon."""
        bits: dict[int, int] = {}
        for step, fen in enumerate(self.fen[name]):
            bits[fen] = bits.get(fen, 0) | 1 << step
        return [(months, fen) for fen, months in bits.items()]


def load(name: str) -> RuleSet:
    return RuleSet(load_package(PACKAGES[name]))
