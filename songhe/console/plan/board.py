"""The board: every task of a document at a place on a day, by how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.text import Text
from songhe.console.page import show, staff
from songhe.console.plan.forms import COOPERATING, JOINT, LEADING, NOW, Filters
from songhe.console.plan.words import BADGES, REPORT_BADGES, REPORT_STATES, STATES, left
from songhe.decision.task import DONE, OVERDUE
from songhe.divisions.queries import tree_on
from songhe.plan.packages import packages_with_tasks
from songhe.plan.queries import Board, Row, board, own_places, reminded
from songhe.policy.package import Package

SOON = 30


@dataclass(frozen=True)
class Shown:
    """A row with what a board says of it."""

    row: Row
    is_called: bool

    @property
    def left(self) -> Text | None:
        return left(self.row.standing.days)

    @property
    def badge(self) -> str:
        return BADGES[self.row.state]

    @property
    def last_word(self) -> Text | None:
        return REPORT_STATES[self.row.last_state] if self.row.last else None

    @property
    def last_badge(self) -> str:
        return REPORT_BADGES.get(self.row.last_state, "")

    @cached_property
    def counted(self) -> list[tuple[Text, str, int]]:
        """How many of the places that lead stand how, in the order of the states."""
        counts = self.row.counts
        return [(word, BADGES[state], counts[state]) for state, word in STATES.items() if counts[state]]


@dataclass(frozen=True)
class Wanted:
    """What a board was asked for: the place and day, and of its rows which."""

    place: int | None
    day: dt.date
    is_known_now: bool
    packages: Sequence[Package]
    package: Package | None
    asked: dict[str, Any]

    def fits(self, row: Row) -> bool:
        unit, part, year, state = (self.asked.get(name) for name in ("unit", "part", "year", "state"))
        task = row.task
        if unit and unit not in (*task.lead, *task.cooperating):
            return False
        if part and not _has_part(row, part, unit):
            return False
        if year and str(task.year) != year:
            return False
        return not state or row.state == state


def _has_part(row: Row, part: str, unit: str | None) -> bool:
    task = row.task
    names = task.cooperating if part == COOPERATING else task.lead
    here = [unit] if unit else list(row.units)
    return any(name in names for name in here) and (part in (LEADING, COOPERATING) or len(task.lead) > 1)


@staff(Action.PLAN_READ)
def task_board(request: HttpRequest) -> HttpResponse:
    form, wanted = read(request)
    found = shown_board(request, wanted)
    rows = [row for row in found.rows if wanted.fits(row)] if found else []
    called = {(row.task.id, row.node.id) for row, _ in reminded(found)} if found else set()
    groups = [
        (state, word, [Shown(row, (row.task.id, row.node.id) in called) for row in _ordered(rows, state)])
        for state, word in STATES.items()
    ]
    context = {
        "form": form,
        "board": found,
        "day": wanted.day,
        "is_past": wanted.day < clock.today(),
        "is_known_now": wanted.is_known_now,
        "groups": [group for group in groups if group[2]],
        "figures": _figures(rows, wanted.day),
        "number": len(rows),
        "all": len(found.rows) if found else 0,
        "soon": SOON,
        "part": JOINT,
    }
    return show(request, "plan/board.html", context)


def read(request: HttpRequest) -> tuple[Filters, Wanted]:
    """What the address asks for; a place of one's own and today where it says nothing."""
    within = divisions_for(request.user, Action.PLAN_READ)
    places = own_places(request.user, clock.today())
    start = Filters(request.GET, within=within, packages=())
    start.is_valid()
    asked = start.cleaned_data
    day = asked.get("as_of") or clock.today()
    node = asked.get("place")
    place = node.id if node else _first_with_tasks(places, day)
    packages = packages_with_tasks(place, day) if place is not None else []
    form = Filters(_filled(request, place), within=within, packages=packages)
    asked = (
        form.cleaned_data if form.is_valid() else form.cleaned_data | {"state": "", "unit": "", "part": "", "year": ""}
    )
    package = next((one for one in packages if one.id == asked.get("package")), None)
    return form, Wanted(place, day, asked.get("known") == NOW, packages, package, asked)


def shown_board(request: HttpRequest, wanted: Wanted) -> Board | None:
    if wanted.place is None:
        return None
    known = clock.now() if wanted.is_known_now else None
    return board(request.user, wanted.place, wanted.day, package=wanted.package, known=known)


def _filled(request: HttpRequest, place: int | None) -> Any:
    data = request.GET.copy()
    node = tree_on().get(place) if place is not None else None
    if not data.get("place") and node is not None:
        data["place"] = f"{node.code} {tree_on().full_name(node.id)}"
    return data


def _first_with_tasks(places: Sequence[int], day: dt.date) -> int | None:
    """The user's place of which a document says tasks; the highest of several."""
    tree = tree_on(day)
    there = sorted((one for one in places if one in tree), key=lambda one: tree.node(one).level)
    return next((one for one in there if packages_with_tasks(one, day)), there[0] if there else None)


def _ordered(rows: Sequence[Row], state: str) -> list[Row]:
    """The longest overdue, or the nearest due, first; the order of the document otherwise."""
    some = [row for row in rows if row.state == state]
    if state == OVERDUE:
        return sorted(some, key=lambda row: row.standing.overdue_since or dt.date.max)
    if state == DONE:
        return some
    return sorted(some, key=lambda row: (not row.standing.missed, row.standing.next_due or dt.date.max))


def _figures(rows: Sequence[Row], day: dt.date) -> dict[str, int]:
    last = day + dt.timedelta(days=SOON)
    return {
        "overdue": sum(row.state == OVERDUE for row in rows),
        "missed": sum(bool(row.standing.missed) and row.state != OVERDUE for row in rows),
        "soon": sum(bool(row.standing.next_due and row.standing.next_due <= last) for row in rows),
        "done": sum(row.state == DONE for row in rows),
    }
