"""Who gains and who loses: the same thing of two packages, person by person, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songhe.common.text import Text
from songhe.policy.compare.rows import Row, Rows
from songhe.policy.package import Package


@dataclass(frozen=True)
class Pair:
    """The same thing in two packages, by the items (of persons) that stand for it in each; one side may be empty."""

    row: str
    name: Text
    home: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True)
class RowCount:
    """People in a month (by its place from 0): entitled under both, only under the other (`gained`), only at home.

    `unclear`: undetermined under one or the other, so nothing is said; `neither`: surely not entitled under either.
    """

    row: str
    step: int
    both: int
    gained: int
    lost: int
    unclear: int
    neither: int


def pairs_of(rows: Rows, home: Package, other: Package) -> list[Pair]:
    """Every item of persons of the two, each once: by the rows of the comparison, then what is in neither row."""
    found = [Pair(row.id, row.name, _items(home, rows, row), _items(other, rows, row)) for row in rows.rows]
    placed = {item for pair in found for item in (*pair.home, *pair.other)}
    rest = dict.fromkeys(rule.id for package in (home, other) for rule in package.rules_for("person"))
    for item in rest:
        if item not in placed:
            name = (home if item in home.rules else other).entitlements[item].name
            found.append(Pair(item, name, _own(home, item), _own(other, item)))
    return [pair for pair in found if pair.home or pair.other]


def _items(package: Package, rows: Rows, row: Row) -> tuple[str, ...]:
    members = rows.members_of(row, package).entitlements
    return tuple(id for id in members if package.entitlements[id].subject == "person")


def _own(package: Package, item: str) -> tuple[str, ...]:
    return (item,) if item in package.rules and package.entitlements[item].subject == "person" else ()


def count_rows(
    engine: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], home: Path, other: Path, months: int
) -> list[RowCount]:
    """The counts from the masks of two runs (`decisions.parquet`) over the same people and months."""
    return [count for pair in pairs for count in _count(engine, pair, home, other, months)]


_STEPS = """
SELECT step,
       sum(people * ((hy & oy) >> step & 1))::BIGINT,
       sum(people * ((hn & oy) >> step & 1))::BIGINT,
       sum(people * ((hy & on_) >> step & 1))::BIGINT,
       sum(people * ((hu | ou) >> step & 1))::BIGINT,
       sum(people * ((hn & on_) >> step & 1))::BIGINT
FROM (SELECT people, hy, hu, oy, ou, {all} & ~(hy | hu) AS hn, {all} & ~(oy | ou) AS on_ FROM grouped)
CROSS JOIN (SELECT unnest(range({months})) AS step) GROUP BY step ORDER BY step
"""


def _count(engine: duckdb.DuckDBPyConnection, pair: Pair, home: Path, other: Path, months: int) -> list[RowCount]:
    joined = (
        f"SELECT {_masks(pair.home, 'h')}, {_masks(pair.other, 'o')} "
        f"FROM read_parquet('{home}') h JOIN read_parquet('{other}') o USING (id)"
    )
    if not pair.other:
        joined = f"SELECT {_masks(pair.home, 'h')}, 0::BIGINT AS oy, 0::BIGINT AS ou FROM read_parquet('{home}') h"
    elif not pair.home:
        joined = f"SELECT 0::BIGINT AS hy, 0::BIGINT AS hu, {_masks(pair.other, 'o')} FROM read_parquet('{other}') o"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT *, count(*) AS people FROM ({joined}) GROUP BY ALL")
    rows = engine.execute(_STEPS.format(all=(1 << months) - 1, months=months)).fetchall()
    return [RowCount(pair.row, *row) for row in rows]


def _masks(items: Sequence[str], side: str) -> str:
    """Months in which one of the items is surely owed, and those in which none is and one is undetermined."""
    yes = " | ".join(f'{side}."{item}"' for item in items)
    unknown = " | ".join(f'{side}."{item}?"' for item in items)
    return f"({yes})::BIGINT AS {side}y, (({unknown}) & ~({yes}))::BIGINT AS {side}u"
