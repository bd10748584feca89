"""Whose county a division was in on each of several days, through its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db.models import Q

from songhe.divisions.models import Version
from songhe.divisions.queries import tree_on
from songhe.registry.places import moved

SCHEMA = pa.schema(
    [("tree", pa.int64()), ("id", pa.int64()), ("code", pa.string()), ("place", pa.int64()), ("held", pa.bool_())]
)


@dataclass(frozen=True)
class Places:
    """`table`: per tree and division of any day, its code and id on that tree's days, and whether the county held it.

    `tree_of` says which tree stands on each day; `inside` are the divisions held on any of them.
    """

    table: pa.Table
    tree_of: tuple[int, ...]
    inside: tuple[int, ...]


def places_of(county: int, days: Sequence[dt.date]) -> Places:
    """The places of a county (id) over days in rising order."""
    tree_of = _trees(days)
    rows: list[tuple[int, int, str, int, bool]] = []
    for tree in sorted(set(tree_of)):
        rows += [(tree, *row) for row in _on(county, days[tree_of.index(tree)])]
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    table = pa.Table.from_arrays(
        [pa.array(values, field.type) for field, values in zip(SCHEMA, columns, strict=True)], schema=SCHEMA
    )
    return Places(table, tree_of, tuple(sorted({id for _, id, _, _, held in rows if held})))


def _trees(days: Sequence[dt.date]) -> tuple[int, ...]:
    """A number for each day; days between which no division changed share one."""
    first, last = days[0], days[-1]
    changed = Q(valid_from__gt=first, valid_from__lte=last) | Q(valid_to__gte=first, valid_to__lt=last)
    spans = Version.objects.filter(changed).values_list("valid_from", "valid_to")
    begun = {start for start, _ in spans if first < start <= last}
    begun |= {end + dt.timedelta(days=1) for _, end in spans if end is not None and first <= end < last}
    return tuple(sum(1 for start in begun if start <= day) for day in days)


def _on(county: int, day: dt.date) -> list[tuple[int, str, int, bool]]:
    tree = tree_on(day)
    inside = tree.subtree([county])
    places = {node.id: node.id for node in tree}
    places |= {before: after for before, after in moved(day).items() if after is not None}
    return [(id, tree.node(place).code, place, place in inside) for id, place in places.items()]
