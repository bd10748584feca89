"""A population as a Parquet file: its columns are facts, checked before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from songhe.rules import sql
from songhe.rules.vocabulary import Fact, Vocabulary

# Carried by registries and synthetic cities; rules never read them.
IDENTITY_COLUMNS = frozenset({"id", "name", "resident_id"})
_SQL_TYPES = {
    "date": "DATE",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "money": "BIGINT",
    "decimal": "DECIMAL(18,4)",
    "code": "VARCHAR",
    "division": "VARCHAR",
}
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_ACCEPTED = {
    "date": {"DATE"},
    "bool": {"BOOLEAN"},
    "int": _WHOLE,
    "money": _WHOLE,
    "decimal": _WHOLE | {"DOUBLE", "FLOAT"},
    "code": {"VARCHAR"} | _WHOLE,
    "division": {"VARCHAR"},
}


class SnapshotError(ValueError):
    """A population file that cannot be decided on."""


@dataclass(frozen=True)
class Snapshot:
    """A readable population: `source` is a FROM item with a typed column per fact, absent ones null.

    `known` are the facts that are null for nobody.
    """

    path: Path
    rows: int
    source: str
    known: frozenset[str]


def open_snapshot(
    path: Path, vocabulary: Vocabulary, facts: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> Snapshot:
    """Checks the file and its values for the facts that will be read. Raises SnapshotError."""
    if not path.is_file():
        raise SnapshotError(f"{path}: no such file")
    scan = f"read_parquet('{_quoted(str(path))}')"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    except duckdb.Error as error:
        raise SnapshotError(f"{path}: not a Parquet file ({str(error).splitlines()[0]})") from None
    types = {str(row[0]): str(row[1]) for row in described}
    _check_columns(path, types, vocabulary)
    source = f"(SELECT id, {', '.join(_column(vocabulary.facts[name], types) for name in facts)} FROM {scan})"
    present = [vocabulary.facts[name] for name in facts if name in types]
    rows, known = _check_values(path, scan, present, connection)
    return Snapshot(path, rows, source, known)


def _check_columns(path: Path, types: dict[str, str], vocabulary: Vocabulary) -> None:
    if "id" not in types:
        raise SnapshotError(f"{path}: no column id")
    for name, kind in types.items():
        if name in IDENTITY_COLUMNS:
            continue
        fact = vocabulary.facts.get(name)
        if fact is None:
            raise SnapshotError(f"{path}: unknown fact {name}; {vocabulary.suggest(name)}")
        if kind.split("(")[0] not in _ACCEPTED[fact.type] | ({"DECIMAL"} if fact.type == "decimal" else set()):
            raise SnapshotError(f"{path}: the column {name} is {kind}; a {fact.type} is {_SQL_TYPES[fact.type]}")


def _column(fact: Fact, types: dict[str, str]) -> str:
    kind = _SQL_TYPES[fact.type]
    if fact.name not in types:
        return f"CAST(NULL AS {kind}) AS {fact.name}"
    return fact.name if types[fact.name] == kind else f"CAST({fact.name} AS {kind}) AS {fact.name}"


def _check_values(
    path: Path, scan: str, facts: list[Fact], connection: duckdb.DuckDBPyConnection
) -> tuple[int, frozenset[str]]:
    """Row count and the facts that are never null; ids and values are checked in the same pass."""
    tests = {name: test for name, test in ((fact.name, _wrong(fact)) for fact in facts) if test}
    counts = ["count(*)", "count(id)", *(f"count({fact.name})" for fact in facts)]
    counts += [f"count(*) FILTER (WHERE {test})" for test in tests.values()]
    row = connection.execute(f"SELECT {', '.join(counts)} FROM {scan}").fetchone()
    assert row is not None
    (total, with_id), filled, wrong = row[:2], row[2 : 2 + len(facts)], row[2 + len(facts) :]
    if not total:
        raise SnapshotError(f"{path}: the population is empty; nobody is decided on")
    if with_id != total:
        raise SnapshotError(f"{path}: {total - with_id} rows without id")
    for name, count in zip(tests, wrong, strict=True):
        if count:
            raise SnapshotError(f"{path}: {_example(name, tests[name], count, scan, connection)}")
    repeated = connection.execute(f"SELECT id FROM {scan} GROUP BY id HAVING count(*) > 1 LIMIT 1").fetchone()
    if repeated:
        raise SnapshotError(f"{path}: the id {repeated[0]!r} stands on several rows")
    return int(total), frozenset(fact.name for fact, count in zip(facts, filled, strict=True) if count == total)


def _wrong(fact: Fact) -> str | None:
    """SQL that holds for values this fact cannot have."""
    name = fact.name
    if fact.type == "code":
        known = sql.among(exp.cast(exp.column(name), "varchar"), fact.values)
        return f"NOT ({known.sql('duckdb')})"
    if fact.type == "division":
        return f"length({name}) NOT IN (2, 4, 6, 9, 12) OR TRY_CAST({name} AS BIGINT) IS NULL AND {name} IS NOT NULL"
    if fact.type in ("int", "money", "decimal"):
        return f"{name} < 0"
    return None


def _example(name: str, test: str, count: int, scan: str, connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute(f"SELECT id, {name} FROM {scan} WHERE {test} LIMIT 1").fetchone()
    assert row is not None
    return f"{count} rows with a wrong {name}, such as {row[1]!r} of id {row[0]!r}"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
