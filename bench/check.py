"""All implementations must give the same masks, person by person; run by bench.worker."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench import statements
from bench.ruleset import RuleSet
from songhe.rules.dense import dense_sql

# Hard facts: unknown ones, places too large to tell, births on 29 February, certificates to a month's end.
GAPS = """
COPY (
    SELECT * REPLACE (
        CASE hash(id || 'h') % 25 WHEN 0 THEN '6403' WHEN 1 THEN '640000' WHEN 2 THEN '640300000'
             ELSE hukou END AS hukou,
        CASE WHEN hash(id || 'b') % 10 = 0
             THEN make_date(1924 + (hash(id || 'y') % 11)::INTEGER * 4, 2, 29)
             ELSE birth_date END AS birth_date,
        CASE WHEN hash(id || 'c') % 4 = 0 THEN last_day(disability_certificate_to)
             ELSE disability_certificate_to END AS disability_certificate_to)
    FROM (SELECT {columns} FROM read_parquet('{source}'))
) TO '{target}' (FORMAT parquet)
"""
IDENTITY = ("id", "name", "resident_id")


def with_gaps(source: Path, target: Path) -> None:
    """The same people, every fifth value of every fact unknown."""
    connection = duckdb.connect()
    names = [str(row[0]) for row in connection.execute(f"DESCRIBE FROM read_parquet('{source}')").fetchall()]
    columns = ", ".join(
        name if name in IDENTITY else f"CASE WHEN hash(id || '{name}') % 5 = 0 THEN NULL ELSE {name} END AS {name}"
        for name in names
    )
    connection.execute(GAPS.format(columns=columns, source=source, target=target))


def compare(rules: RuleSet, population: Path, openfisca: Path | None, hand: bool, dense: bool) -> dict[str, int]:
    """Per implementation the number of masks that differ from the compiled ones."""
    connection = statements.connect("4GB", spill=population.parent)
    connection.execute(f"CREATE TEMP TABLE compiled AS {statements.compiled_sql(rules, population)}")
    both = [f"{name}{mark}" for name in rules.conditions for mark in ("", "?")]
    found = {}
    if hand:
        found["hand"] = _differences(connection, statements.by_hand_sql(connection, population), both)
    if dense:
        found["dense"] = _differences(connection, dense_masks_sql(rules, population), both)
    if openfisca:
        found["openfisca"] = _differences(
            connection, f"FROM read_parquet('{openfisca}')", [rule.id for rule in rules.rules]
        )
    return found


def _differences(connection: duckdb.DuckDBPyConnection, other: str, names: list[str]) -> int:
    differing = " + ".join(f'(c."{name}" IS DISTINCT FROM o."{name}")::INTEGER' for name in names)
    statement = f"SELECT coalesce(sum({differing}), 0), count(*) FROM compiled c FULL JOIN ({other}) o USING (id)"
    row = connection.execute(statement).fetchone()
    people = connection.execute("SELECT count(*) FROM compiled").fetchone()
    assert row is not None and people is not None
    return int(row[0]) + abs(int(row[1]) - int(people[0]))


def dense_masks_sql(rules: RuleSet, population: Path) -> str:
    statement = dense_sql(
        rules.conditions,
        days=rules.days,
        figures=rules.package.figures,
        population=statements.scan(population),
    )
    masks = ", ".join(
        f'bit_or(CASE WHEN "{name}" THEN 1::BIGINT << step ELSE 0 END) AS "{name}", '
        f'bit_or(CASE WHEN "{name}" IS NULL THEN 1::BIGINT << step ELSE 0 END) AS "{name}?"'
        for name in rules.conditions
    )
    return f"SELECT id, {masks} FROM ({statement}) GROUP BY id"
