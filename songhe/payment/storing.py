"""Rows by the hundred thousand, as fast as each database takes them; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
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


def rows_of(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())
