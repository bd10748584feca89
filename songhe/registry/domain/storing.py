"""Rows by the thousand, as fast as each database takes them; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.db import connection, models

from songhe.registry.models import FactRecord, NamePart, NameReading, Person, PersonKey
from songhe.registry.pinyin import parts
from songhe.registry.sets import add_rows, one_of

RECORD = ("person_id", "fact", "value", "sealed", "division_id", "valid_from", "valid_to", "transaction_id", "source")
_IS_NEW = "ON CONFLICT DO NOTHING"


def add_people(number: int, transaction_id: int) -> Sequence[int]:
    """The ids of that many new people, in rising order."""
    table = Person._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {table} (public_id, created_in_id) SELECT gen_random_uuid(), %s "
                "FROM generate_series(1, %s) RETURNING id",
                [transaction_id, number],
            )
            return sorted(row[0] for row in cursor.fetchall())
    # Nobody is ever deleted, and on SQLite nobody else writes meanwhile.
    last = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    ids = range(last + 1, last + 1 + number)
    add_rows(Person, ("id", "public_id", "created_in_id"), ((id, uuid4().hex, transaction_id) for id in ids))
    return ids


def add_records(rows: Iterable[Sequence[Any]]) -> None:
    """Rows with the columns of RECORD."""
    add_rows(FactRecord, RECORD, rows)


def add_keys(rows: Sequence[tuple[int, str, str]]) -> None:
    """Person, kind and hash; those that are there stay."""
    _add_new(PersonKey, ("person_id", "kind", "hash"), ("bigint", "text", "text"), rows)


def add_readings(rows: Sequence[tuple[str, str, str]]) -> None:
    """Name, pinyin and initials; those that are there stay, they may have been corrected."""
    names = [name for name, _, _ in rows]
    known = set(NameReading.objects.filter(name__in=one_of(names)).values_list("name", flat=True)) if names else set()
    new = [row for row in rows if row[0] not in known]
    _add_new(NameReading, ("name", "pinyin", "initials"), ("text", "text", "text"), new)
    _add_new(NamePart, ("part", "name"), ("text", "text"), [(part, row[0]) for row in new for part in parts(row[0])])


def _add_new(
    model: type[models.Model], columns: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    if not rows:
        return
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            cursor.execute(
                f"{into} SELECT * FROM unnest({arrays}) {_IS_NEW}", [list(part) for part in zip(*rows, strict=True)]
            )
        else:
            cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(columns))}) {_IS_NEW}", rows)
