"""The figures that count for divisions up to a day: counted from records, entered and confirmed, or put together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.fields.json import KeyTransform

from songhe.decision.figure import Reading
from songhe.indicators.exact import read_stored
from songhe.indicators.models import Computation, Figure, Tally
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.registry.sets import one_of_ids

COMPUTED, ENTERED, SUMMED = "computed", "entered", "summed"
# Few enough to be asked for one by one instead of whole rows.
_FEW = 3


@dataclass(frozen=True)
class Held:
    """A reading of one day with where it is from: the number of a Computation, of a Figure, or of both."""

    day: dt.date
    reading: Reading
    source: str
    computation: int | None = None
    figure: int | None = None


@dataclass
class Rows:
    """What is stored for some divisions: (division, indicator) → oldest first."""

    computed: dict[tuple[int, str], list[Held]] = field(default_factory=lambda: defaultdict(list))
    entered: dict[tuple[int, str], list[Held]] = field(default_factory=lambda: defaultdict(list))

    def series(self, package: Package, division: int, indicator: str) -> list[Held]:
        """What counts, oldest first: the records where they have it all, otherwise what was entered beside them."""
        counted, said = self.computed.get((division, indicator), []), self.entered.get((division, indicator), [])
        rule = package.computed.get(indicator)
        if not counted or rule is None:
            return said or counted
        lacks_numerator = rule.numerator is None
        lacks_denominator = rule.denominator is None and package.indicators[indicator].denominator is not None
        if not (lacks_numerator or lacks_denominator):
            return counted
        return _together(counted, said, numerator=lacks_numerator, denominator=lacks_denominator)

    def beside(self, package: Package, division: int, indicator: str) -> list[Held]:
        """What was entered although the records count it: shown, and never in their place."""
        main = self.series(package, division, indicator)
        used = {one.figure for one in main}
        return [one for one in self.entered.get((division, indicator), []) if one.figure not in used]


def rows_for(
    package: Package,
    divisions: Collection[int],
    upto: dt.date,
    *,
    indicators: Sequence[str] | None = None,
    since: dt.date | None = None,
    latest: bool = False,
    computed: bool = True,
    entered: bool = True,
    known: dt.datetime | None = None,
) -> Rows:
    """A few queries whatever the number of divisions and months. `latest`: only the last day of each division."""
    rows = Rows()
    if divisions and indicators != []:
        if computed:
            found = _counted(package, divisions, upto, since, known)
            last = _last_days(found, package, divisions, upto) if latest else None
            _computed(rows, package, found, indicators, last)
        if entered:
            _entered(rows, _said(package, divisions, upto, since, known), indicators)
    return rows


def _counted(
    package: Package, divisions: Collection[int], upto: dt.date, since: dt.date | None, known: dt.datetime | None
) -> QuerySet[Tally]:
    found = Tally.objects.filter(division__in=one_of_ids(divisions), day__lte=upto, package__in=package.layers)
    if since is not None:
        found = found.filter(day__gte=since)
    return found if known is None else found.filter(computation__made_at__lte=known)


def _said(
    package: Package, divisions: Collection[int], upto: dt.date, since: dt.date | None, known: dt.datetime | None
) -> QuerySet[Figure]:
    found = Figure.objects.filter(
        division__in=one_of_ids(divisions), day__lte=upto, package__in=package.layers, outcome=Figure.Outcome.CONFIRMED
    )
    if since is not None:
        found = found.filter(day__gte=since)
    return found if known is None else found.filter(settled_at__lte=known)


def _computed(
    rows: Rows,
    package: Package,
    found: QuerySet[Tally],
    indicators: Sequence[str] | None,
    last: dict[int, dt.date] | None,
) -> None:
    layers = list(package.layers)
    if last is not None:
        found = found.filter(day__in=set(last.values()))
    rank = {name: number for number, name in enumerate(layers)}
    best: dict[tuple[int, dt.date], tuple[int, int, dict[str, Sequence[int | str | None]]]] = {}
    for division, day, name, computation, figures in _tallies(found, indicators):
        if last is not None and day != last[division]:
            continue
        key, place = (division, day), (rank[name], computation)
        if key not in best or place > best[key][:2]:
            best[key] = (*place, _alike(package, name, figures))
    for (division, day), (_, computation, figures) in sorted(best.items(), key=lambda item: item[0][1]):
        for indicator, parts in figures.items():
            rows.computed[division, indicator].append(Held(day, read_stored(parts), COMPUTED, computation))


def _last_days(
    found: QuerySet[Tally], package: Package, divisions: Collection[int], upto: dt.date
) -> dict[int, dt.date]:
    """The last day of each division. Nearly all have the last day counted: no search through the months of those."""
    made = Computation.objects.filter(package__in=package.layers, day__lte=upto)
    newest = made.aggregate(day=Max("day"))["day"]
    last = dict.fromkeys(found.filter(day=newest).values_list("division", flat=True), newest)
    if others := set(divisions) - last.keys():
        older = found.filter(division__in=others)
        last |= dict(older.values_list("division").annotate(day=Max("day")).order_by())
    return last


def _tallies(found: QuerySet[Tally], indicators: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
    """(division, day, package, computation, figures); only the figures asked for, where they are few."""
    columns = ("division_id", "day", "package", "computation_id")
    if indicators is None or len(indicators) > _FEW:
        wanted = None if indicators is None else set(indicators)
        for *row, figures in found.values_list(*columns, "figures"):
            yield *row, figures if wanted is None else {key: figures[key] for key in wanted & figures.keys()}
        return
    keys = {f"figure_{number}": KeyTransform(key, "figures") for number, key in enumerate(indicators)}
    for division, day, name, computation, *parts in found.values_list(*columns, *keys.values()):
        yield (
            division,
            day,
            name,
            computation,
            {key: one for key, one in zip(indicators, parts, strict=True) if one is not None},
        )


def _alike(
    package: Package, name: str, figures: dict[str, Sequence[int | str | None]]
) -> dict[str, Sequence[int | str | None]]:
    """Without those that another package counts differently."""
    if name == package.id:
        return figures
    other = _counted_otherwise(package.id, name)
    return {key: parts for key, parts in figures.items() if key not in other}


@lru_cache(maxsize=64)
def _counted_otherwise(package: str, base: str) -> frozenset[str]:
    mine, other = load_package(package).computed, load_package(base).computed
    return frozenset(key for key in mine.keys() | other.keys() if mine.get(key) != other.get(key))


def _entered(rows: Rows, found: QuerySet[Figure], indicators: Sequence[str] | None) -> None:
    if indicators is not None:
        found = found.filter(indicator__in=indicators)
    columns = ("division_id", "indicator", "day", "numerator", "denominator", "pk")
    best: dict[tuple[int, str, dt.date], Held] = {}
    # Of one day the last that was confirmed.
    for division, indicator, day, top, base, pk in found.order_by("settled_at", "pk").values_list(*columns):
        reading = Reading(_fraction(top), _fraction(base))
        best[division, indicator, day] = Held(day, reading, ENTERED, figure=pk)
    for (division, indicator, _), one in sorted(best.items(), key=lambda item: item[0][2]):
        rows.entered[division, indicator].append(one)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _together(counted: Sequence[Held], said: Sequence[Held], *, numerator: bool, denominator: bool) -> list[Held]:
    """What the records have not is taken from what was entered last until then, and the other way round."""
    found = []
    for day in sorted({one.day for one in [*counted, *said]}):
        record, word = _until(counted, day), _until(said, day)
        if record is None or word is None:
            found.append(replace(record or word, day=day))
            continue
        reading = record.reading
        if numerator:
            reading = replace(reading, numerator=word.reading.numerator, possible=None)
        if denominator and word.reading.denominator is not None:
            reading = replace(reading, denominator=word.reading.denominator, possible_denominator=None)
        found.append(Held(day, reading, COMPUTED, record.computation, word.figure))
    return found


def _until(rows: Iterable[Held], day: dt.date) -> Held | None:
    return next((one for one in reversed(list(rows)) if one.day <= day), None)
