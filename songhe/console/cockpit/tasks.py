"""Tasks as a cockpit shows them: what is overdue, and what is due soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.common.text import Text
from songhe.console.cockpit.links import task_page
from songhe.console.cockpit.spot import Spot
from songhe.console.cockpit.whose import other_than
from songhe.plan.queries import Row, board, due_among, overdue_among
from songhe.policy.package import Package

AHEAD = 30
SHOWN = 8


@dataclass(frozen=True)
class TaskLine:
    """`day` is when it is or was due, `days` how far that is off."""

    name: Text
    units: str
    day: dt.date | None
    days: int | None
    href: str


@dataclass(frozen=True)
class Tasks:
    """`more` are those not listed; `whose` names the document where it is not that of the indicators beside."""

    overdue: Sequence[TaskLine]
    due: Sequence[TaskLine]
    overdue_number: int
    due_number: int
    whose: Text | None = None

    @property
    def more_overdue(self) -> int:
        return self.overdue_number - len(self.overdue)

    @property
    def more_due(self) -> int:
        return self.due_number - len(self.due)


def tasks_of(user: User, spot: Spot, shown: Package | None) -> Tasks | None:
    """None for whoever sees no tasks here."""
    if spot.node.id not in divisions_for(user, Action.PLAN_READ):
        return None
    found = board(user, spot.node.id, spot.day)
    every = found.rows if found else ()
    late, coming = overdue_among(every), due_among(every, spot.day, AHEAD)
    return Tasks(
        [_line(spot, row, row.standing.overdue_since) for row in late[:SHOWN]],
        [_line(spot, row, row.standing.next_due) for row in coming[:SHOWN]],
        len(late),
        len(coming),
        other_than(shown, found.package if found else None),
    )


def _line(spot: Spot, row: Row, day: dt.date | None) -> TaskLine:
    days = None if day is None else abs((day - spot.day).days)
    return TaskLine(row.task.name, "、".join(row.task.lead), day, days, task_page(spot, row))
