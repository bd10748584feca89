"""Working with either database on many people at once, and one writer at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

# Any number will do, as long as nobody else takes the same lock.
LOCK = 7_305_241_995
# So many are given one by one.
_FEW = 200
# PostgreSQL takes a list of thousands for most of the table, and reads all of it once for every block of people: a
# load would slow down with the square of its size. Compiling such a statement takes longer than running it.
_PLANS = {"enable_seqscan": "off", "jit": "off", "work_mem": "64MB"}


def ids_sql(people: Sequence[int]) -> tuple[str, Any]:
    """SQL for a column `person_id` of these ids, with its one parameter."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[]) AS person_id", list(people)
    return "SELECT value AS person_id FROM json_each(%s)", json.dumps(list(people))


def among_sql(column: str, people: Sequence[int]) -> tuple[str, Any]:
    """SQL that holds where a column is one of these ids, with its one parameter."""
    wanted, parameter = ids_sql(people)
    # A join with a list is planned by guesses, which can be wrong by the square.
    condition = f"{column} = ANY(%s::bigint[])" if connection.vendor == "postgresql" else f"{column} IN ({wanted})"
    return condition, parameter


def one_of(texts: Sequence[str]) -> RawSQL:
    """The right side of `__in` for any number of texts, as one parameter."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [list(texts)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(texts))])


def one_of_ids(ids: Collection[int]) -> RawSQL | Collection[int]:
    """The right side of `__in` for any number of ids: thousands as one parameter, few as they are."""
    if len(ids) <= _FEW:
        return ids
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def add_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows with these columns of the database, as fast as each engine takes them.

    A generator of rows must not ask the database for anything: on PostgreSQL it would wait for itself.
    """
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})", rows)
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def by_index() -> Iterator[None]:
    """Statements in here find their rows by index. Not for those that read a table as a whole."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("".join(f"SET LOCAL {name} = '{value}';" for name, value in _PLANS.items()))
        yield
        cursor.execute("".join(f"SET LOCAL {name} = DEFAULT;" for name in _PLANS))


def take_turn() -> None:
    """Wait for whoever writes in the registry, until the end of this transaction.

    So nothing appears later under a number that was passed already, and no row is projected from what is out of date.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # SQLite has one writer at a time: every transaction begins IMMEDIATE.
