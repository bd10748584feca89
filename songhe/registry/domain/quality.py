"""Measuring the quality of the data (数据质量统计): counted whole, kept as figures, one measurement a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.common import clock
from songhe.divisions.queries import tree_on
from songhe.registry.measuring import Tally, count, median, roll_up, standards
from songhe.registry.models import QualityRow, Transaction

_BATCH = 5_000


@dataclass(frozen=True)
class Measured:
    """What was counted on `day`: living people, those of them in no division of the day, and rows written."""

    day: dt.date
    people: int
    nowhere: int
    rows: int


def measure_quality(*, by: User | None = None) -> Measured:
    """Count everything anew; what was counted before in the same month is replaced. `by` None: the nightly job.

    Reads all records: seconds for a county, a minute or more for a million people. Whoever calls it for a user asks
    first whether the user may.
    """
    day = clock.today()
    tallies = count(_ages(day), day)
    totals = roll_up(tallies, tree_on(day))
    placed = {division for division in tallies if division in tree_on(day)}
    people = {place: max((one.asked for one in facts.values()), default=0) for place, facts in tallies.items()}
    with transaction.atomic():
        QualityRow.objects.filter(day__year=day.year, day__month=day.month).delete()
        rows = len(QualityRow.objects.bulk_create(_rows(day, totals), batch_size=_BATCH))
        measured = Measured(day, sum(people.values()), sum(n for at, n in people.items() if at not in placed), rows)
        append(user=by, action="quality.measured", details={"count": measured.people, "nowhere": measured.nowhere})
    return measured


def _ages(day: dt.date) -> Mapping[int, int]:
    """Days since each transaction."""
    recorded = Transaction.objects.values_list("pk", "at").iterator(chunk_size=_BATCH)
    return {number: (day - timezone.localdate(at)).days for number, at in recorded}


def _rows(day: dt.date, totals: Mapping[int, Mapping[str, Tally]]) -> Iterator[QualityRow]:
    for division, facts in totals.items():
        for fact, tally in facts.items():
            limit = standards().limits.get(fact)
            yield QualityRow(
                day=day,
                division_id=division,
                fact=fact,
                asked=tally.asked,
                known=tally.known,
                conflicts=tally.conflicts,
                median_days=None if limit is None else median(tally.ages),
                stale=None if limit is None else sum(n for days, n in tally.ages.items() if days > limit),
            )
