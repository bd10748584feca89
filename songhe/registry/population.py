"""Who lives in a division (人口结构): as last counted and month by month, as then and as now. Counts only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.divisions.queries import carry, count_by, tree_on
from songhe.registry.models import PopulationCount

THEN, NOW = "then", "now"


@dataclass(frozen=True)
class Structure:
    """The living older people of a division, counted on `day`; `figures` are those of PopulationCount."""

    day: dt.date
    figures: Mapping[str, int]

    @property
    def people(self) -> int:
        return self.of("age.")

    def of(self, prefix: str) -> int:
        """The sum of all figures whose names begin so."""
        return sum(number for name, number in self.figures.items() if name.startswith(prefix))

    def get(self, name: str) -> int:
        return self.figures.get(name, 0)


def structure(
    user: User, division_id: int, upto: dt.date | None = None, *, tree: str = THEN, action: str = Action.INDICATOR_READ
) -> Structure | None:
    """As last counted up to a day (today); None when nothing was counted, or it is out of reach."""
    days = _days(division_id, upto or clock.today(), 1)
    return next(iter(_structures(user, division_id, days, tree, action)), None)


def structures(
    user: User,
    division_id: int,
    upto: dt.date | None = None,
    *,
    months: int = 24,
    tree: str = THEN,
    action: str = Action.INDICATOR_READ,
) -> list[Structure]:
    """The counts of the last months, oldest first; a month without a count is left out."""
    return _structures(user, division_id, _days(division_id, upto or clock.today(), months), tree, action)


def last_count() -> int | None:
    """The number of the last row counted: another one after every count, as one waits for the other."""
    last: int | None = PopulationCount.objects.aggregate(last=Max("pk"))["last"]
    return last


def _days(division_id: int, upto: dt.date, months: int) -> list[dt.date]:
    """The last days on which the division, or what it lies in today, was counted."""
    tree = tree_on()
    around = [node.id for node in tree.path(division_id)] if division_id in tree else [division_id]
    counted = PopulationCount.objects.filter(division_id__in=around, day__lte=upto).order_by("-day")
    return sorted(counted.values_list("day", flat=True).distinct()[:months])


def _structures(user: User, division_id: int, days: Sequence[dt.date], tree: str, action: str) -> list[Structure]:
    if tree == THEN:
        rows = _rows(user, {division_id}, days, action)
        return [Structure(day, rows[day, division_id]) for day in days if (day, division_id) in rows]
    if division_id not in tree_on():
        return []
    # Between two changes all days share one tree, and one plan.
    by_tree: dict[int, _Plan] = {}
    for day in days:
        if id(tree_on(day)) not in by_tree:
            by_tree[id(tree_on(day))] = _plan(division_id, day)
    plans = {day: by_tree[id(tree_on(day))] for day in days}
    wanted = {one for plan in plans.values() for one in plan.wanted}
    rows = _rows(user, wanted, [day for day, plan in plans.items() if plan.wanted], action)
    found = ((day, _as_now(division_id, day, plan, rows)) for day, plan in plans.items())
    return [Structure(day, figures) for day, figures in found if figures is not None]


Rows = Mapping[tuple[dt.date, int], Mapping[str, int]]


def _rows(user: User, divisions: Collection[int], days: Collection[dt.date], action: str) -> Rows:
    counted = PopulationCount.objects.filter(division_id__in=divisions, day__in=days)
    found = visible(counted, user, action, in_passing=True).values_list("day", "division_id", "figures")
    return {(day, division): figures for day, division, figures in found}


@dataclass(frozen=True)
class _Plan:
    """How what is one division today is put together from those of a day: some whole, of others only what is their own.

    `parts` are the divisions right below the latter, to be taken from them.
    """

    whole: frozenset[int]
    partly: frozenset[int]
    parts: frozenset[int]

    @property
    def wanted(self) -> frozenset[int]:
        return self.whole | self.partly | self.parts


def _plan(division_id: int, day: dt.date) -> _Plan:
    now, then, today = tree_on(), tree_on(day), clock.today()
    if now is then:
        return _Plan(frozenset({division_id}), frozenset(), frozenset())
    inside = now.subtree([division_id])
    sources = {back for one in inside for back in carry(one, today, day)}
    pure = {one for one in sources if inside.issuperset(carry(one, day, today))}
    whole = {one for one in pure if then.subtree([one]) <= pure}
    tops = frozenset(one for one in whole if then.node(one).parent not in whole)
    partly = frozenset(sources - whole)
    return _Plan(tops, partly, frozenset(child.id for one in partly for child in then.children(one)))


def _as_now(division_id: int, day: dt.date, plan: _Plan, rows: Rows) -> Counter[str] | None:
    if not any((day, one) in rows for one in plan.wanted):
        return None
    total: Counter[str] = Counter()
    for one in plan.whole:
        total.update(rows.get((day, one), {}))
    for name, number in _shared(division_id, day, plan.partly, rows).items():
        total[name] += number
    return total


def _shared(division_id: int, day: dt.date, partly: Iterable[int], rows: Rows) -> Counter[str]:
    """Of those that only in part became this division: what is known to be of it, as `count_by` places it."""
    now, then = tree_on(), tree_on(day)
    total: Counter[str] = Counter()
    for one in partly:
        own = Counter(rows.get((day, one), {}))
        for child in then.children(one):
            own.subtract(rows.get((day, child.id), {}))
        for name, number in own.items():
            placed = count_by(now.node(division_id).level, [(one, day, number)], as_of=clock.today())
            total[name] += placed.get(division_id, 0)
    return total


def people_in(user: User, divisions: Collection[int], upto: dt.date, action: str) -> dict[int, int]:
    """People in each of these divisions, as last counted anywhere up to a day."""
    counted = PopulationCount.objects.filter(division_id__in=divisions, day__lte=upto)
    day = counted.order_by("-day").values_list("day", flat=True).first()
    return dict(visible(counted.filter(day=day), user, action).values_list("division_id", "people"))
