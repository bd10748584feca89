"""Who tells of the plans, where, and of which days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from songhe.accounts.models import User
from songhe.common.calendar import last_day
from songhe.demo.places import COUNTY, division
from songhe.divisions.models import Division
from songhe.divisions.queries import Node, tree_on
from songhe.policy.load import load_package
from songhe.policy.package import Package

PACKAGE = "qingtongxia-2023"
MONTHS = 24
# Stands in everything that is made up, so that nobody takes it for a fact of the real city.
MADE_UP = "演示数据（虚构）"


@dataclass(frozen=True)
class Cast:
    """The county's bureau tells, the city's settles; each department speaks for its unit."""

    today: dt.date
    package: Package
    county: Division
    bureau: User
    above: User
    land: User
    health: User

    @classmethod
    def found(cls, today: dt.date) -> Cast:
        names = ("demo.county", "demo.city", "demo.land", "demo.health")
        users = (User.objects.get(username=name) for name in names)
        return cls(today, load_package(PACKAGE), division(COUNTY), *users)

    @property
    def months(self) -> list[dt.date]:
        """The last days of the months before this one, the earliest first."""
        this = self.today.year * 12 + self.today.month - 1
        return [last_day(month // 12, month % 12 + 1) for month in range(this - MONTHS, this)]

    @property
    def towns(self) -> list[Node]:
        """Those that were there all the time, in the order of their codes."""
        then, now = tree_on(self.months[0]), tree_on(self.today)
        return [node for node in now.children(self.county.pk) if node.id in then]

    def villages(self, number: int) -> list[Division]:
        """The first of each town, and then the second of each."""
        tree = tree_on(self.today)
        each = [tree.children(town.id)[:4] for town in self.towns]
        nodes = [children[place] for place in range(4) for children in each if place < len(children)]
        return [Division.objects.get(pk=node.id) for node in nodes[:number]]
