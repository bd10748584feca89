"""Whom a run decides again: those about whom anything was recorded since the run it builds on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from songhe.registry.groups import Groups
from songhe.registry.sets import among_sql

_SINCE = """
SELECT person_id FROM registry_factrecord WHERE transaction_id > {since} AND transaction_id <= {until}
UNION SELECT r.person_id FROM registry_retraction x JOIN registry_factrecord r ON r.id = x.record_id
    WHERE x.transaction_id > {since} AND x.transaction_id <= {until}
"""
_REGROUPED = "SELECT {column} FROM registry_merge WHERE made_in_id > {since} AND made_in_id <= {until} \
OR undone_in_id > {since} AND undone_in_id <= {until}"


def touched(*, since: int, until: int, groups: Groups, also: Sequence[int] = ()) -> list[int]:
    """Ids of those who stand for everybody with a record, a retraction or a merge after `since`, up to `until`.

    Both are numbers of transactions; `groups` are as known at `until`. `also` are to be looked at anyway.
    """
    parts = [_SINCE, *(f"UNION {_REGROUPED.replace('{column}', column)}" for column in ("person_id", "into_id"))]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts).format(since=int(since), until=int(until)))
        found = {row[0] for row in cursor.fetchall()}
    return sorted(set(groups.survivors(sorted(found | set(also)))))


def concerned(
    county: int, inside: Sequence[int], groups: Groups, *, known_at: int, among: Sequence[int] | None
) -> list[int]:
    """Of those who stand for somebody (everybody without `among`), whom the county may have to decide.

    They are those with a place in one of the divisions stated, ever, or with a line of the county.
    """
    held, divisions = among_sql("division_id", inside)
    statement = (
        f"SELECT person_id FROM registry_factrecord WHERE {held} AND transaction_id <= {int(known_at)}{{0}} "
        f"UNION SELECT person_id FROM entitlement_line WHERE county_id = {int(county)}{{0}}"
    )
    if among is None:
        return _survivors(statement.format(""), [divisions], groups)
    chosen, people = among_sql("person_id", [*among, *groups.merged_into(among)])
    return _survivors(statement.format(f" AND {chosen}"), [divisions, people, people], groups)


def _survivors(statement: str, parameters: list[object], groups: Groups) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return sorted(groups.survivors(row[0] for row in cursor.fetchall()))
