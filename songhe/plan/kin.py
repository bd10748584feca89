"""Tasks and indicators that speak of the same thing: they cite one clause, or parts of one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from songhe.accounts.models import User
from songhe.divisions.queries import tree_on
from songhe.plan.packages import city_of
from songhe.plan.rules import sight_of
from songhe.plan.undertakings import at
from songhe.policy.package import Package
from songhe.policy.schema import Indicator, Task

_PART = re.compile(r"(?<=\d)[a-z]+$")


def family(clause: str) -> str:
    """The clause without the letter of its part: `XY-T-11.1` of `XY-T-11.1c`."""
    return _PART.sub("", clause)


def clauses_of(task: Task) -> list[str]:
    """Those of the row and of its milestones, each once."""
    own = [step.clause for step in task.milestones if step.clause]
    return list(dict.fromkeys([*task.clauses, *own]))


def indicators_about(package: Package, task: Task) -> list[Indicator]:
    """Indicators of the row's clauses, in the order of the package."""
    kin = _families(clauses_of(task))
    return [one for one in package.indicators.values() if kin & _families(one.clauses)]


def tasks_about(user: User, package: Package, indicator: Indicator, division_id: int, day: dt.date) -> list[Task]:
    """Rows of the indicator's clauses that ask for something at a place, of those the reader sees there."""
    tree = tree_on(day)
    city, node = city_of(package, tree), tree.get(division_id)
    if city is None or node is None or not tree.holds(city.id, node.id):
        return []
    kin, sight = _families(indicator.clauses), sight_of(user, city)
    some = (task for task in package.tasks.values() if kin & _families(clauses_of(task)))
    return [task for task in some if sight.sees(package, task, node) and at(package, task, node, city, tree)]


def _families(clauses: Iterable[str]) -> set[str]:
    return set(map(family, clauses))
