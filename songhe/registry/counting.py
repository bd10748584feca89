"""Counting who lives where: a pass over the current view for each thing that people are told apart by."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from songhe.common.calendar import latest_birth_date
from songhe.divisions.queries import Tree

# Where a person is counted: where they live or, when that is not known, where they are registered.
_FROM = (
    "SELECT COALESCE(c.residence_division_id, c.hukou_division_id), {columns}, COUNT(*) "
    "FROM registry_currentperson c WHERE c.alive IS NOT FALSE GROUP BY {groups}"
)
AGES = (60, 65, 70, 75, 80, 85, 90, 95, 100)
UNDER, UNKNOWN = "under", "unknown"
# Who has several is counted once, as the first.
_RELIEF = (
    "CASE WHEN c.tekun <> 'none' THEN 'tekun' WHEN c.dibao IS TRUE THEN 'dibao' "
    "WHEN c.low_income_family IS TRUE THEN 'low_income' "
    "WHEN c.tekun = 'none' AND c.dibao IS FALSE THEN 'none' END"
)
GROUPS: Mapping[str, str] = {
    "living": "c.living",
    "ability": "c.ability",
    "hukou": "c.hukou_type",
    "relief": _RELIEF,
}
Figures = Counter[str]


def count_people(day: dt.date) -> dict[int | None, Figures]:
    """Figures of the places themselves, by division (None: nowhere): living people of the current view."""
    found: dict[int | None, Figures] = defaultdict(Counter)
    for place, sex, band, people in _ages(day):
        found[place][f"age.{sex or UNKNOWN}.{band}"] += people
    for group, column in GROUPS.items():
        for place, value, people in _rows(_FROM.format(columns=column, groups="1, 2")):
            found[place][f"{group}.{value or UNKNOWN}"] += people
    return found


def _ages(day: dt.date) -> Iterator[tuple[Any, ...]]:
    bands = [(age, latest_birth_date(day, age)) for age in reversed(AGES)]
    limits = [(age, birth) for age, birth in bands if birth is not None]
    cases = " ".join(f"WHEN c.birth_date <= %s THEN '{age}'" for age, _ in limits)
    band = f"CASE WHEN c.birth_date IS NULL THEN '{UNKNOWN}' {cases} ELSE '{UNDER}' END"
    yield from _rows(_FROM.format(columns=f"c.sex, {band}", groups="1, 2, 3"), [birth for _, birth in limits])


def _rows(statement: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall()


def people_in(figures: Mapping[str, int]) -> int:
    """Everybody has an age or none: counted over the one group that holds everybody once."""
    return sum(number for name, number in figures.items() if name.startswith("age."))


def with_all_below(places: Mapping[int | None, Figures], tree: Tree) -> dict[int, Figures]:
    """The figures of every division, also of those in which nobody lives: its own and those of all below.

    What lies nowhere in the tree is in none.
    """
    totals: dict[int, Figures] = {node.id: Counter() for node in tree}
    for place, figures in places.items():
        if place is None or place not in tree:
            continue
        for node in tree.path(place):
            totals[node.id].update(figures)
    return totals
