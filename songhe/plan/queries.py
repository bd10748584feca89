"""How the tasks stand at a place on a day, within what the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import Role, User
from songhe.accounts.roles import ACTIONS
from songhe.accounts.scope import held_by, require_division, visible
from songhe.decision.task import DONE, OVERDUE
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.plan.models import Reminder, Report, Seat
from songhe.plan.packages import city_of, package_for
from songhe.plan.reading import Reader, Row
from songhe.plan.rules import seats_of, sight_of
from songhe.plan.told import Told, end_of, with_acts
from songhe.policy.package import Package
from songhe.policy.schema import Task

__all__ = [
    "Board",
    "Row",
    "board",
    "called_for",
    "due",
    "due_among",
    "overdue",
    "overdue_among",
    "own_places",
    "reminded",
    "reports_of",
    "row",
    "rows",
    "seats_for",
    "walk",
]


@dataclass(frozen=True)
class Board:
    """The tasks of a place on a day, with what they were read from."""

    package: Package
    city: Node
    node: Node
    tree: Tree
    told: Told
    rows: tuple[Row, ...]


def board(
    user: User, division_id: int, as_of: dt.date, *, package: Package | None = None, known: dt.datetime | None = None
) -> Board | None:
    """Every row the reader may see there; None where no document has tasks on the day.

    `known`: what had been recorded by that moment, the end of the day without one. Raises OutOfScope.
    """
    require_division(user, Action.PLAN_READ, division_id)
    package = package or package_for(division_id, as_of)
    tree = tree_on(as_of)
    city = city_of(package, tree) if package else None
    if package is None or city is None or not tree.holds(city.id, division_id):
        return None
    told = Told(package.id, as_of, known or end_of(as_of))
    reader = Reader(package, city, tree, told)
    node, sight = tree.node(division_id), sight_of(user, city)
    found = (reader.row(task, node) for task in package.tasks.values() if sight.sees(package, task, node))
    return Board(package, city, node, tree, told, tuple(row for row in found if row is not None))


def rows(
    user: User, division_id: int, as_of: dt.date, *, package: Package | None = None, unit: str | None = None
) -> list[Row]:
    """The rows of a place in the order of the document; with `unit`, those that name it."""
    found = board(user, division_id, as_of, package=package)
    every = found.rows if found else ()
    return [row for row in every if unit is None or unit in (*row.task.lead, *row.task.cooperating)]


def due(user: User, division_id: int, as_of: dt.date, days: int = 30) -> list[Row]:
    """Rows of which something, the row or a milestone, is due within so many days; the nearest first."""
    return due_among(rows(user, division_id, as_of), as_of, days)


def due_among(some: Iterable[Row], as_of: dt.date, days: int = 30) -> list[Row]:
    """As `due`, of rows that were read already."""
    last = as_of + dt.timedelta(days=days)
    found = [row for row in some if (day := row.standing.next_due) and day <= last]
    return sorted(found, key=lambda row: row.standing.next_due or dt.date.max)


def overdue(user: User, division_id: int, as_of: dt.date) -> list[Row]:
    """Rows that are overdue, and those that continue past a milestone they missed; the longest overdue first."""
    return overdue_among(rows(user, division_id, as_of))


def overdue_among(some: Iterable[Row]) -> list[Row]:
    """As `overdue`, of rows that were read already."""
    found = [row for row in some if row.state == OVERDUE or row.standing.missed]
    return sorted(found, key=lambda row: row.standing.overdue_since or dt.date.max)


def row(
    user: User, package: Package, task: Task, division_id: int, as_of: dt.date, *, known: dt.datetime | None = None
) -> Row | None:
    """One row at a place, with its parts the reader may see; None where it asks for nothing there, or is not seen."""
    tree = tree_on(as_of)
    city = city_of(package, tree)
    if city is None or division_id not in tree or not tree.holds(city.id, division_id):
        return None
    node, sight = tree.node(division_id), sight_of(user, city)
    if not sight.sees(package, task, node):
        return None
    found = Reader(package, city, tree, Told(package.id, as_of, known or end_of(as_of))).row(task, node)
    if found is None:
        return None
    seen = tuple(part for part in found.parts if sight.sees(package, task, part.node))
    return replace(found, parts=seen)


def reports_of(
    user: User, package: Package, task: Task, division_ids: list[int], known: dt.datetime
) -> QuerySet[Report]:
    """What was told of a row at places by a moment, for who was shown the row there."""
    told = Report.objects.filter(package=package.id, task=task.id, division__in=division_ids, reported_at__lte=known)
    return with_acts(visible(told, user, Action.PLAN_READ), known).prefetch_related("acts")


def seats_for(user: User) -> QuerySet[Seat]:
    """Seats of all days within reach, the latest first."""
    return visible(Seat.objects.select_related("user", "given_by", "end"), user, Action.PLAN_READ).order_by("-pk")


def walk(found: Board) -> Iterator[Row]:
    """Every row with its parts."""
    for one in found.rows:
        yield one
        yield from one.parts


def called_for(user: User, day: dt.date) -> list[tuple[Row, Reminder]]:
    """What the user's own places were reminded of and have not done yet, the longest overdue first.

    A reminder before a date is over when the date has passed; then the one after it calls.
    """
    found: dict[tuple[str, str, int], tuple[Row, Reminder]] = {}
    for place in own_places(user, day):
        shown = board(user, place, day)
        if shown is not None:
            for one, reminder in reminded(shown):
                found[shown.package.id, one.task.id, one.node.id] = (one, reminder)
    return sorted(found.values(), key=lambda pair: (pair[1].due, pair[0].task.id))


def reminded(shown: Board) -> list[tuple[Row, Reminder]]:
    """The rows of a board that a reminder still calls for, each with the latest."""
    asked = Reminder.objects.filter(package=shown.package.id, made_at__lte=shown.told.known)
    latest: dict[tuple[str, int], Reminder] = {}
    for reminder in asked.order_by("due", "offset", "pk"):
        latest_of_row = (reminder.task, reminder.division_id)
        if (one := _row_of(shown, latest_of_row)) is not None and _still_calls(one, reminder):
            latest[latest_of_row] = reminder
    return [(one, latest[key]) for one in shown.rows if (key := (one.task.id, one.node.id)) in latest]


def own_places(user: User, day: dt.date) -> list[int]:
    """Where the user works on tasks: the places of their seats, or those their roles were given for."""
    tree = tree_on(day)
    places = {place for _, _, place in seats_of(user)}
    places |= {division for role, division, _ in held_by(user) if Action.PLAN_READ in ACTIONS[Role(role)]}
    return sorted(place for place in places if place in tree)


def _row_of(shown: Board, key: tuple[str, int]) -> Row | None:
    return next((one for one in shown.rows if (one.task.id, one.node.id) == key), None)


def _still_calls(one: Row, reminder: Reminder) -> bool:
    if one.state == DONE:
        return False
    if reminder.milestone:
        steps = one.standing.steps
        if reminder.milestone > len(steps) or steps[reminder.milestone - 1].state == DONE:
            return False
    return reminder.offset > 0 or one.standing.as_of <= reminder.due
