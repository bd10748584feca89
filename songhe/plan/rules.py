"""Who sees, reports, hands up and confirms what of the tasks: asked by pages, queries and writers alike.

Bureaus, clerks and auditors go by division. A department (责任单位) has the rows that name one of its units alone,
those in which somebody was given a seat for it. Who leads reports; who cooperates adds contributions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import Role, User
from songhe.accounts.scope import OutOfScope, divisions_for
from songhe.common import clock
from songhe.common.memory import remembered
from songhe.divisions.queries import Node, Tree
from songhe.plan.models import Report, Seat
from songhe.plan.undertakings import COOPERATING, WHOLE, Undertaking, above
from songhe.policy.package import Package
from songhe.policy.schema import Task

# Roles that reach a division and still see only the rows of their units.
BY_UNIT = frozenset({Role.DEPARTMENT})


@dataclass(frozen=True)
class Voice:
    """For which unit somebody speaks of a row, and whether as who leads (a report) or as who cooperates."""

    unit: str
    kind: str


def seats_on(day: dt.date) -> QuerySet[Seat]:
    """Those that are held on a day."""
    held = Seat.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return held.filter(Q(end=None) | Q(end__last_day__gte=day))


def seats_of(user: User) -> frozenset[tuple[str, int, int]]:
    """The user's seats of today: unit, city of the document, place."""
    asked = seats_on(clock.today()).filter(user_id=user.pk)
    return remembered(("seats", user.pk), lambda: frozenset(asked.values_list("unit", "city_id", "division_id")))


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the tasks of a city's document: asked once, for any number of rows."""

    everything_in: frozenset[int]
    units_in: frozenset[int]
    seats: frozenset[tuple[str, int]]

    def sees(self, package: Package, task: Task, node: Node) -> bool:
        """Whether it reaches the row at a place."""
        if node.id in self.everything_in:
            return True
        if node.id not in self.units_in:
            return False
        named = {*task.lead, *task.cooperating}
        # A unit of the city sees its rows at every place; one of many together, its own place.
        return any(
            unit in named and (place == node.id or package.units[unit].each is None) for unit, place in self.seats
        )


def sight_of(user: User, city: Node) -> Sight:
    return Sight(
        divisions_for(user, Action.PLAN_READ, without=BY_UNIT),
        divisions_for(user, Action.PLAN_READ),
        frozenset((unit, place) for unit, of, place in seats_of(user) if of == city.id),
    )


def may_see(user: User, package: Package, task: Task, node: Node, city: Node) -> bool:
    """Whether the user sees the row at a place."""
    return sight_of(user, city).sees(package, task, node)


def require_sight(user: User, package: Package, task: Task, node: Node, city: Node) -> None:
    """Raises OutOfScope unless the user sees the row there."""
    if not may_see(user, package, task, node, city):
        raise OutOfScope("此任务不在您的权限范围内： This task is out of your scope.")


def goes_by_division(user: User, node: Node) -> bool:
    """Whether the user reports there as a bureau or a clerk, whatever the unit."""
    return node.id in divisions_for(user, Action.PLAN_REPORT, without=BY_UNIT)


def voices(user: User, row: Undertaking, city: Node) -> list[Voice]:
    """For whom the user may report on a row at its place, who leads first; none when they may not."""
    all_of_them = [Voice(unit, kind_of(row, unit)) for unit in row.units]
    if goes_by_division(user, row.node):
        leads = [voice for voice in all_of_them if voice.kind == Report.Kind.REPORT]
        nobody = [] if leads or row.duty == COOPERATING else [Voice("", Report.Kind.REPORT)]
        return sorted(nobody + all_of_them, key=lambda voice: voice.kind != Report.Kind.REPORT)
    if row.node.id not in divisions_for(user, Action.PLAN_REPORT):
        return []
    held = {unit for unit, of, place in seats_of(user) if of == city.id and place == row.node.id}
    return sorted(
        (voice for voice in all_of_them if voice.unit in held), key=lambda voice: voice.kind != Report.Kind.REPORT
    )


def kind_of(row: Undertaking, unit: str) -> str:
    """What a unit says of the row: who leads reports, who cooperates contributes."""
    leads = unit in row.task.lead if row.duty == WHOLE else row.duty != COOPERATING
    return Report.Kind.REPORT if leads else Report.Kind.CONTRIBUTION


def may_hand_up(user: User, node: Node, city: Node) -> bool:
    """The place itself passes a report on, by its bureau or clerk; the city has nobody to pass it to."""
    return node.id != city.id and goes_by_division(user, node)


def may_settle(user: User, node: Node, city: Node, tree: Tree) -> bool:
    """Confirming, returning and undoing is up to the level above."""
    return above(node, city, tree).id in divisions_for(user, Action.PLAN_CONFIRM)
