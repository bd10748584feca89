"""Rows by the hundred thousand, as fast as each database takes them; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from songhe.payment.guards import LOCK


def take_turn() -> None:
    """Wait for whoever writes in the ledger, until the end of this transaction: numbers have no gaps then."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a turn is taken inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # SQLite has one writer at a time: every transaction begins IMMEDIATE.


def next_id(model: type[models.Model]) -> int:
    """The first id that is free; it stays free while the turn lasts."""
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def add(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows with these columns of the database, in one statement where the engine can.

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


def rows_of(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())
