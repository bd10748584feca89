"""Figures counted on the divisions of today instead of those of their day, from the finest figures there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from fractions import Fraction

from django.db.models import Max

from songhe.common import clock
from songhe.decision.figure import Reading
from songhe.divisions.queries import carry, place, tree_on
from songhe.indicators.held import COMPUTED, Held, rows_for
from songhe.indicators.models import Tally
from songhe.policy.package import Package

# (division, indicator) → reading.
Readings = Mapping[tuple[int, str], Reading]


def readings_now(
    package: Package,
    divisions: Iterable[int],
    day: dt.date,
    indicators: Collection[str],
    known: dt.datetime | None = None,
) -> dict[tuple[int, str], Held]:
    """What was counted last until a day, given to today's divisions; nothing where the divisions are still the same.

    A figure that cannot be given to one division, such as of a village that was split since, stands under the nearest
    division above that surely holds it. What every level counts for itself is not given anywhere.
    """
    today, found = clock.today(), {}
    for division in divisions:
        sources = _sources(division, day, today)
        counted = Tally.objects.filter(division__in=sources, day__lte=day, package__in=package.layers)
        if known is not None:
            counted = counted.filter(computation__made_at__lte=known)
        last = counted.aggregate(day=Max("day"))["day"]
        if last is not None and tree_on(last) is not tree_on(today):
            wanted = [one for one in indicators if _is_summed(package, one)]
            found |= _on_today(package, division, last, today, _sources(division, last, today), wanted, known)
    return found


def _sources(division: int, day: dt.date, today: dt.date) -> set[int]:
    """What the division holds today, as it was on the day, and what stood beside that in the same place."""
    inside = {back for one in tree_on(today).subtree([division]) for back in carry(one, today, day)}
    return inside | {one for one in (division,) if one in tree_on(day)}


def _is_summed(package: Package, indicator: str) -> bool:
    rule = package.computed.get(indicator)
    sides = (rule.numerator, rule.denominator) if rule else ()
    return bool(sides) and all(side is None or side.kind != "fund" for side in sides)


def _on_today(
    package: Package,
    division: int,
    day: dt.date,
    today: dt.date,
    sources: set[int],
    indicators: Collection[str],
    known: dt.datetime | None,
) -> dict[tuple[int, str], Held]:
    then, now = tree_on(day), tree_on(today)
    parts = {child.id for one in sources for child in then.children(one)}
    rows = rows_for(package, sources | parts, day, since=day, indicators=list(indicators), entered=False, known=known)
    readings = {key: held[-1] for key, held in rows.computed.items()}
    level = now.node(division).level
    lots: dict[str, list[Reading]] = defaultdict(list)
    for source in sources:
        if place(level, source, day, today) != division:
            continue
        for indicator in indicators:
            if (source, indicator) in readings:
                below = [
                    readings[one.id, indicator] for one in then.children(source) if (one.id, indicator) in readings
                ]
                lots[indicator].append(_less(readings[source, indicator].reading, [one.reading for one in below]))
    computation = next((one.computation for one in readings.values()), None)
    return {(division, indicator): Held(day, total(some), COMPUTED, computation) for indicator, some in lots.items()}


def total(readings: Iterable[Reading]) -> Reading:
    """Readings of places that hold nothing in common, added up; a number that is not known makes the sum unknown."""
    return _reading([_ends(one) for one in readings])


def _less(whole: Reading, parts: Iterable[Reading]) -> Reading:
    """What lies right in a division: the whole less what lies below."""
    return _reading([_ends(whole), *([_negative(end) for end in _ends(part)] for part in parts)])


def _ends(one: Reading) -> list[Fraction | None]:
    most = one.numerator if one.possible is None else one.possible
    base = one.denominator if one.possible_denominator is None else one.possible_denominator
    return [one.numerator, one.denominator, most, base]


def _negative(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _reading(rows: Iterable[list[Fraction | None]]) -> Reading:
    columns = list(zip(*rows, strict=True)) or [()] * len(fields(Reading))
    sums = [None if None in column else sum(column, Fraction(0)) for column in columns]
    top, base, most, widest = sums
    return Reading(top, base, None if most == top else most, None if widest == base else widest)


__all__ = ["readings_now", "total"]
