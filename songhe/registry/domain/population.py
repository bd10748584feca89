"""Counting the population (人口结构统计): whole, kept as figures, one count a month."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.common import clock
from songhe.divisions.queries import tree_on
from songhe.registry.counting import count_people, people_in, with_all_below
from songhe.registry.models import PopulationCount
from songhe.registry.sets import take_turn

_BATCH = 2_000


@dataclass(frozen=True)
class Counted:
    """Living people of the current view, those of them in no division of the day, and rows written."""

    people: int
    nowhere: int
    rows: int


def measure_population(*, by: User | None = None) -> Counted:
    """Count everything anew; what was counted before in the same month is replaced. `by` None: the nightly job.

    Reads the current view: some seconds for a million people. Whoever calls it for a user asks first whether the
    user may.
    """
    day, tree = clock.today(), tree_on()
    places = count_people(day)
    totals = with_all_below(places, tree)
    people = sum(people_in(figures) for figures in places.values())
    nowhere = sum(people_in(figures) for place, figures in places.items() if place is None or place not in tree)
    with transaction.atomic():
        take_turn()
        PopulationCount.objects.filter(day__year=day.year, day__month=day.month).delete()
        rows = [
            PopulationCount(day=day, division_id=division, people=people_in(figures), figures=dict(figures))
            for division, figures in totals.items()
        ]
        PopulationCount.objects.bulk_create(rows, batch_size=_BATCH)
        append(user=by, action="population.measured", details={"count": people, "nowhere": nowhere})
    return Counted(people, nowhere, len(rows))
