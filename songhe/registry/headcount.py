"""How many people live in a division (居住人数): as last measured, month by month, as then and as now. Counts only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.divisions.queries import carry, count_by, tree_on
from songhe.registry.models import QualityRow

# Everybody is asked for the name, so whoever is asked for it is everybody.
_EVERYBODY = "name"
MEASUREMENTS = 4


@dataclass(frozen=True)
class Headcount:
    """Living people measured on `day`: in the division as it was then, and in what is this division now.

    None: it was not there on the day.
    """

    day: dt.date
    then: int | None
    now: int | None


def headcounts(user: User, division_id: int) -> list[Headcount]:
    """The last measurements, newest first; none when nothing was measured within the user's reach."""
    return [found for day in _days(division_id) if (found := _on(user, division_id, day)) is not None]


def latest(user: User, divisions: Collection[int]) -> tuple[dt.date | None, dict[int, int]]:
    """The day of the last measurement, and the people in each of these divisions on it."""
    seen = visible(QualityRow.objects.filter(fact=_EVERYBODY), user, Action.DIVISION_READ)
    day = seen.order_by("-day").values_list("day", flat=True).first()
    rows = seen.filter(day=day, division_id__in=list(divisions))
    return day, dict(rows.values_list("division_id", "asked"))


def _days(division_id: int) -> list[dt.date]:
    """The last days on which the division, or what it lies in today, was measured."""
    tree = tree_on()
    around = [node.id for node in tree.path(division_id)] if division_id in tree else [division_id]
    measured = QualityRow.objects.filter(division_id__in=around, fact=_EVERYBODY)
    return list(measured.order_by("-day").values_list("day", flat=True).distinct()[:MEASUREMENTS])


def _on(user: User, division_id: int, day: dt.date) -> Headcount | None:
    tree, then, today = tree_on(), tree_on(day), clock.today()
    # What the division holds today, as it was on the day.
    sources = {back for one in tree.subtree([division_id]) for back in carry(one, today, day)}
    parts = {child.id for one in sources for child in then.children(one)}
    rows = _rows(user, day, {division_id, *sources, *parts})
    if not rows:
        return None
    # Measured together with all below it, so taken apart again.
    lots = [(one, day, _own(one, day, rows)) for one in sources if one in rows]
    level = tree.node(division_id).level if division_id in tree else None
    now = None if level is None else count_by(level, lots, as_of=today).get(division_id, 0)
    return Headcount(day, rows.get(division_id), now)


def _rows(user: User, day: dt.date, divisions: Collection[int]) -> dict[int, int]:
    measured = QualityRow.objects.filter(day=day, fact=_EVERYBODY, division_id__in=divisions)
    return dict(visible(measured, user, Action.DIVISION_READ).values_list("division_id", "asked"))


def _own(division_id: int, day: dt.date, rows: Mapping[int, int]) -> int:
    """Those of whom it is known that they live in the division, and not in which of those below."""
    return rows[division_id] - sum(rows.get(child.id, 0) for child in tree_on(day).children(division_id))
