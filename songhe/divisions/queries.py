"""Reading the divisions: the tree of any day, codes, and what became of a division.

A tree is built once and kept in memory; every call asks the database only whether anything has changed since.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from songhe.common import clock
from songhe.common.memory import remembered
from songhe.divisions.history import History, Span, Step
from songhe.divisions.models import Succession, TreeState, Version
from songhe.divisions.tree import Node, Tree

__all__ = [
    "Episode",
    "Node",
    "Passage",
    "Tree",
    "carry",
    "count_by",
    "history",
    "mark",
    "passages",
    "place",
    "resolve",
    "tree_on",
]


def tree_on(day: dt.date | None = None) -> Tree:
    """The tree as it was, or will be, on a day; today's without one. Empty before the first division."""
    return _known().tree_on(day or clock.today())


def mark() -> str | None:
    """Which divisions `tree_on` speaks of: another text after every change of them."""
    return remembered("divisions", lambda: TreeState.objects.values_list("mark", flat=True).first())


def resolve(code: str, day: dt.date | None = None) -> int | None:
    """The id of the division that had a code on a day (today without one), in 6, 9 or 12 digits; None when none had."""
    node = tree_on(day).find(code)
    return None if node is None else node.id


def carry(division_id: int, from_day: dt.date, to_day: dt.date) -> tuple[int, ...]:
    """The ids of what a division of one day is on another.

    One id as a rule, itself or what it was merged into; several after a split; none when it was dissolved and
    nothing followed. Towards an earlier day the same road is gone backwards.
    """
    return _known().carry(division_id, from_day, to_day)


def count_by(
    level: int, counts: Iterable[tuple[int, dt.date, int]], *, as_of: dt.date | None = None
) -> dict[int | None, int]:
    """Figures per division of a level from (division id, day, number) triples; their sum is the sum of the numbers.

    Without `as_of` every triple is counted in the tree of its own day ("as then"), otherwise all of them in the tree of
    that day ("as now"). A number that cannot be given to one division of the level stands under the nearest division
    above that surely holds it: a count known only for the county, a village that was split since. None: nowhere.
    """
    known = _known()
    totals: Counter[tuple[int, dt.date]] = Counter()
    for division_id, day, number in counts:
        totals[division_id, day] += number
    figures: Counter[int | None] = Counter()
    for (division_id, day), number in totals.items():
        figures[_place(known, level, division_id, day, as_of or day)] += number
    return dict(figures)


def place(level: int, division_id: int, day: dt.date, as_of: dt.date) -> int | None:
    """Under which division of a level, in the tree of `as_of`, a figure of a division and day stands: as `count_by`."""
    return _place(_known(), level, division_id, day, as_of)


def _place(known: History, level: int, division_id: int, day: dt.date, as_of: dt.date) -> int | None:
    then, tree = known.tree_on(day), known.tree_on(as_of)
    if division_id not in then:
        return None
    for node in reversed(then.path(division_id)):
        ids = known.carry(node.id, day, as_of)
        holder = tree.common(ids)
        if ids:
            place = None if holder is None else tree.at_level(holder.id, level)
            return None if place is None else place.id
    return None


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of a division's life and the change that began it (`kind` is a models.Change.Kind)."""

    node: Node
    valid_from: dt.date
    valid_to: dt.date | None
    kind: str
    note: str
    document: str


def history(division_id: int) -> tuple[Episode, ...]:
    """A division's life from its founding on."""
    versions = Version.objects.filter(division_id=division_id).select_related("opened_by").order_by("valid_from")
    return tuple(
        Episode(
            Node(one.division_id, one.code, one.name, one.level, one.parent_id, one.is_committee),
            one.valid_from,
            one.valid_to,
            one.opened_by.kind,
            one.opened_by.note,
            one.opened_by.document,
        )
        for one in versions
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """One division that went on as another on a day; both are ids."""

    on: dt.date
    before: int
    after: int


def passages(division_id: int) -> tuple[Passage, ...]:
    """What a division came from and what it went on as, in the order of the days."""
    steps = Succession.objects.filter(Q(before=division_id) | Q(after=division_id))
    rows = steps.order_by("change__on", "change_id", "pk").values_list("change__on", "before_id", "after_id")
    return tuple(Passage(*row) for row in rows)


def _known() -> History:
    return _history(mark())


@lru_cache(maxsize=2)
def _history(mark: str | None) -> History:
    """Marks are random and never come back, so what is kept under one can never be wrong."""
    if mark is None:
        return History((), ())
    versions = Version.objects.values_list(
        "division_id", "code", "name", "level", "parent_id", "is_committee", "valid_from", "valid_to"
    )
    steps = Succession.objects.values_list("change__on", "change_id", "before_id", "after_id")
    return History(
        (Span(Node(*row[:6]), row[6], row[7]) for row in versions.iterator(chunk_size=5000)),
        (Step(*row) for row in steps.iterator(chunk_size=5000)),
    )
