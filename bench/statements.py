"""The statements that are timed, and what consumes them.

Every one ends in the same figures: per column of decisions the person-months known true, those
undetermined, and the fen paid. No optimiser leaves anything out, because every mask is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.ruleset import HERE, RuleSet
from songhe.rules.bits import bits_sql
from songhe.rules.dense import dense_sql

THREADS = 2
MEMORY_LIMIT = "200MB"
Totals = dict[str, list[int]]
Runner = Callable[[duckdb.DuckDBPyConnection, RuleSet, Path], Totals]


def connect(memory_limit: str = MEMORY_LIMIT, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {"threads": THREADS, "memory_limit": memory_limit}
    if spill:
        config["temp_directory"] = str(spill)
    return duckdb.connect(config=config)


def scan(population: Path) -> str:
    return f"read_parquet('{population}')"


def columns_alone(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    """Reads every column that the rules need and nothing else."""
    counts = ", ".join(f"count({name})" for name in ["id", *rules.facts])
    connection.execute(f"SELECT {counts} FROM {scan(population)}").fetchall()
    return {}


def compiled(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    return count_bits(connection, rules, compiled_sql(rules, population))


def compiled_sql(rules: RuleSet, population: Path) -> str:
    return bits_sql(rules.conditions, days=rules.days, figures=rules.package.figures, population=scan(population))


def compiled_entitled(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    """Only what OpenFisca finds too: without the undetermined, half of the masks are never worked out."""
    return count_bits(connection, rules, compiled_sql(rules, population), undetermined=False)


def by_hand(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    return count_bits(connection, rules, by_hand_sql(connection, population))


def by_hand_sql(connection: duckdb.DuckDBPyConnection, population: Path) -> str:
    """The last statement of hand12.sql; the macros before it are made."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW people AS FROM {scan(population)}")
    *macros, statement = (HERE / "hand12.sql").read_text(encoding="utf-8").split(";\n")
    for macro in macros:
        connection.execute(macro)
    return statement


def count_bits(
    connection: duckdb.DuckDBPyConnection, rules: RuleSet, statement: str, *, undetermined: bool = True
) -> Totals:
    """Counts the masks: months of one sum together, so that an amount is worked out once per period."""
    full = (1 << len(rules.days)) - 1
    items, shapes = [], []
    for name in rules.conditions:
        epochs = rules.epochs(name)
        items += [_count(name, None if months == full else months) for months, _ in epochs]
        items += [_count(f"{name}?", None)] * undetermined
        shapes.append((name, [fen for _, fen in epochs]))
    row = connection.execute(f"SELECT count(id), {', '.join(items)} FROM ({statement})").fetchone()
    assert row is not None
    counts = iter(int(count) for count in row[1:])
    totals = {}
    for name, fens in shapes:
        entitled = [next(counts) for _ in fens]
        unknown = [next(counts)] if undetermined else []
        paid = sum(count * fen for count, fen in zip(entitled, fens, strict=True))
        totals[name] = [sum(entitled), *unknown, paid]
    return totals


def _count(column: str, months: int | None) -> str:
    return f'sum(bit_count("{column}"))' if months is None else f'sum(bit_count("{column}" & {months}))'


def dense(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    """The reference form, person by month, counted per month."""
    statement = dense_sql(rules.conditions, days=rules.days, figures=rules.package.figures, population=scan(population))
    names = list(rules.conditions)
    items = [f'count("{name}") AS known_{i}, count_if("{name}") AS true_{i}' for i, name in enumerate(names)]
    rows = connection.execute(f"SELECT step, count(*), {', '.join(items)} FROM ({statement}) GROUP BY step").fetchall()
    totals = {name: [0, 0, 0] for name in names}
    for step, people, *counts in rows:
        for index, name in enumerate(names):
            known, true = counts[2 * index], counts[2 * index + 1]
            total = totals[name]
            total[0] += true
            total[1] += people - known
            total[2] += true * rules.fen[name][step]
    return totals


def write(connection: duckdb.DuckDBPyConnection, statement: str, target: Path) -> Totals:
    """Writes the masks as `songhe run` does."""
    connection.execute(f"COPY ({statement}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    return {}


def compiled_written(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    return write(connection, compiled_sql(rules, population), _beside(population))


def by_hand_written(connection: duckdb.DuckDBPyConnection, rules: RuleSet, population: Path) -> Totals:
    return write(connection, by_hand_sql(connection, population), _beside(population))


def _beside(population: Path) -> Path:
    return population.with_suffix(".masks")


RUNNERS: dict[str, Runner] = {
    "columns": columns_alone,
    "compiled": compiled,
    "compiled-entitled": compiled_entitled,
    "hand": by_hand,
    "dense": dense,
    "compiled-written": compiled_written,
    "hand-written": by_hand_written,
}
# What holds whole row groups in memory until they are written needs more.
MEMORY_LIMITS = {"compiled-written": "400MB", "hand-written": "400MB"}
