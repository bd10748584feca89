"""Noting that a source repeated what it had said (确认): thousands of people at a time, and nothing of the past."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from songhe.registry.measuring import standards
from songhe.registry.models import Confirmation, FactSet

_COLUMNS = "person_id, source, fact_set_id, day"
_LATER = (
    "ON CONFLICT (person_id, source, fact_set_id) DO UPDATE SET day = excluded.day "
    "WHERE registry_confirmation.day < excluded.day"
)


def confirm(*, source: str, on: dt.date, said: Mapping[int, Collection[str]]) -> None:
    """`said`: person id → facts that the source repeated on a day. Facts that do not age are left out.

    Belongs into the transaction of whoever reads the source.
    """
    aging = standards().limits
    people: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for person, facts in said.items():
        if kept := tuple(sorted(fact for fact in facts if fact in aging)):
            people[kept].append(person)
    for kept, ids in people.items():
        fact_set, _ = FactSet.objects.get_or_create(facts=",".join(kept))
        _store(ids, source, fact_set.pk, on)


def _store(people: Sequence[int], source: str, fact_set: int, on: dt.date) -> None:
    into = f"INSERT INTO {Confirmation._meta.db_table} ({_COLUMNS})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"{into} SELECT unnest(%s::bigint[]), %s, %s, %s::date {_LATER}", [list(people), source, fact_set, on]
            )
        else:
            rows = [(person, source, fact_set, on.isoformat()) for person in people]
            cursor.executemany(f"{into} VALUES (%s, %s, %s, %s) {_LATER}", rows)
