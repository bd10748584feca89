"""Rows of a run by the hundred thousand, as fast as each database takes them; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, models

from songhe.entitlement.found import Row
from songhe.entitlement.models import Found, Line, MissingFact, Run
from songhe.registry.sets import add_rows

_BLOCK = 50_000
_MISSING = ("person_id", "fact", "items", "settles", "fen")
_FOUND = ("person_id", "item", "kind", "delivery", "since", "fen")
_LINE = ("person_id", "item", "month", "fen", "kind", "answer", "division_id")


def store_missing(run: Run, table: pa.Table) -> None:
    """In place of what an earlier run of the county left."""
    _forget(MissingFact, run)
    for batch in table.to_batches(_BLOCK):
        rows = zip(*(batch.column(name).to_pylist() for name in _MISSING), strict=True)
        add_rows(MissingFact, ("run_id", *_MISSING), ((run.pk, *row) for row in rows))


def store_found(run: Run, rows: Sequence[Row]) -> None:
    """In place of what an earlier run of the county left."""
    _forget(Found, run)
    add_rows(Found, ("run_id", *_FOUND), ((run.pk, *row) for row in rows))


def store_lines(run: Run, path: Path) -> None:
    """The lines of a run's file, whose column `place` is the division."""
    columns = [*_LINE[:-1], "place"]
    batches = pq.ParquetFile(path).iter_batches(_BLOCK, columns=columns)
    rows = chain.from_iterable(zip(*(batch.column(n).to_pylist() for n in columns), strict=True) for batch in batches)
    add_rows(Line, ("run_id", "county_id", *_LINE), ((run.pk, run.county_id, *row) for row in rows))


def _forget(model: type[models.Model], run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {model._meta.db_table} "
            "WHERE run_id IN (SELECT id FROM entitlement_run WHERE county_id = %s AND id <> %s)",
            [run.county_id, run.pk],
        )
