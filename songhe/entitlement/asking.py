"""A question to the files of a run, on a connection of its own: pages ask from several threads at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import duckdb


def rows_of(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Every row of a SELECT over Parquet files."""
    with closing(duckdb.connect(config={"memory_limit": "300MB", "threads": 2})) as engine:
        return engine.execute(sql, list(parameters)).fetchall()


def columns_of(path: object) -> list[str]:
    return [name for name, *_ in rows_of("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])]
