"""Rows of the database by the hundred thousand, as they come, for an engine that reckons in columns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
from django.db import connection

from songhe.registry.groups import Groups

_BLOCK = 50_000


def fetched(statement: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
    """The rows of a SELECT with the columns of the schema; days are to come as ISO texts, see `day_sql`."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copied(cursor, statement, parameters, schema)
        cursor.execute(statement, parameters)
        parts = []
        while rows := cursor.fetchmany(_BLOCK):
            parts.append(_table(rows, schema))
    return pa.concat_tables(parts) if parts else schema.empty_table()


def day_sql(column: str) -> str:
    """SQL for a column of days as both engines hand it out cheaply."""
    return column if connection.vendor == "postgresql" else f"CAST({column} AS text)"


def _table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.Table.from_arrays([_array(field.type, values) for field, values in zip(schema, columns, strict=True)],
                                schema=schema)  # fmt: skip


def _array(kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
    if pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def _copied(cursor: Any, statement: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
    buffer = io.BytesIO()
    # The driver's own errors would pass by everybody who waits for a database that is away.
    with connection.wrap_database_errors, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)", parameters) as copy:
        for data in copy:
            buffer.write(data)
    if not buffer.tell():
        return schema.empty_table()
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        read_options=csv.ReadOptions(column_names=schema.names),
        convert_options=csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )


def survivors_of(groups: Groups) -> pa.Table:
    """member and survivor: a row for each file that was merged into another."""
    merged = groups.survivor_of
    return pa.table(
        {"member": pa.array(list(merged), pa.int64()), "survivor": pa.array(list(merged.values()), pa.int64())}
    )
