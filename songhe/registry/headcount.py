"""How many people live in a division (居住人数): as last measured, month by month, as then and as now. Counts only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
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
    seen = visible(QualityRow.objects.filter(fact=_EVERYBODY), user, Action.DIVISION_READ)
    days = seen.order_by("-day").values_list("day", flat=True).distinct()[:MEASUREMENTS]
    rows: dict[dt.date, dict[int, int]] = {day: {} for day in days}
    for day, division, number in seen.filter(day__in=list(rows)).values_list("day", "division_id", "asked"):
        rows[day][division] = number
    return [Headcount(day, found.get(division_id), _now(division_id, day, found)) for day, found in rows.items()]


def latest(user: User, divisions: Collection[int]) -> tuple[dt.date | None, dict[int, int]]:
    """The day of the last measurement, and the people in each of these divisions on it."""
    seen = visible(QualityRow.objects.filter(fact=_EVERYBODY), user, Action.DIVISION_READ)
    day = seen.order_by("-day").values_list("day", flat=True).first()
    rows = seen.filter(day=day, division_id__in=list(divisions))
    return day, dict(rows.values_list("division_id", "asked"))


def _now(division_id: int, day: dt.date, rows: Mapping[int, int]) -> int | None:
    """The people of that day in what the division holds today, as far as each lot can be placed in one division."""
    tree, today = tree_on(), timezone.localdate()
    if division_id not in tree:
        return None
    # What the division holds today, as it was on the day: measured together with all below it, so taken apart again.
    sources = {back for one in tree.subtree([division_id]) for back in carry(one, today, day)}
    lots = [(one, day, _own(one, day, rows)) for one in sources if one in rows]
    return count_by(tree.node(division_id).level, lots, as_of=today).get(division_id, 0)


def _own(division_id: int, day: dt.date, rows: Mapping[int, int]) -> int:
    """Those of whom it is known that they live in the division, and not in which of those below."""
    return rows[division_id] - sum(rows.get(child.id, 0) for child in tree_on(day).children(division_id))
