"""Every pair of a register that the rules call the same or likely: without comparing everybody with everybody.

Two are compared when they share a key: a number, a number one slip away from one that cannot be right, or name, sex and
date of birth with day and month in either order. All of it happens in memory; nothing personal is written to a disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice

import duckdb
import pyarrow as pa

from songhe.linkage.numbers import Number, neighbours
from songhe.linkage.pairs import Judged, Pair, settled
from songhe.linkage.rules import Identity, Kind, Reading, judge, reading

_BLOCK = 50_000
_MEMORY = "1GB"
_PEOPLE = pa.schema(
    [
        ("id", pa.int64()),
        ("name", pa.string()),
        ("number", pa.string()),
        ("valid", pa.bool_()),
        ("birth_date", pa.date32()),
        ("sex", pa.string()),
        ("residence", pa.string()),
    ]
)
# `guessed`: a number that this one may have been before a slip.
_KEYS = pa.schema([("key", pa.string()), ("id", pa.int64()), ("guessed", pa.bool_())])


def find_pairs(people: Iterable[tuple[int, Identity]], *, progress: Callable[[int], None] | None = None) -> list[Pair]:
    """The pairs among people of these ids. `progress` is told how many people were read, block by block.

    What only holds of somebody unique is `same` where nobody else could be meant, and `likely` otherwise.
    """
    with closing(duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2, "temp_directory": ""})) as engine:
        engine.register("no_people", _PEOPLE.empty_table())
        engine.register("no_keys", _KEYS.empty_table())
        engine.execute("CREATE TABLE people AS FROM no_people; CREATE TABLE keys AS FROM no_keys")
        _load(engine, people, progress)
        return settled(list(_judged(engine)))


def _load(
    engine: duckdb.DuckDBPyConnection, people: Iterable[tuple[int, Identity]], progress: Callable[[int], None] | None
) -> None:
    remaining, done = iter(people), 0
    while block := list(islice(remaining, _BLOCK)):
        read = [(id, reading(one)) for id, one in block]
        for table, schema, rows in (
            ("people", _PEOPLE, [_columns(id, one) for id, one in read]),
            ("keys", _KEYS, [key for id, one in read for key in _keys(id, one)]),
        ):
            columns = list(zip(*rows, strict=True)) or [()] * len(schema)
            engine.register("arrived", pa.Table.from_arrays(list(map(pa.array, columns, schema.types)), schema=schema))
            engine.execute(f"INSERT INTO {table} FROM arrived")
            engine.unregister("arrived")
        done += len(block)
        if progress:
            progress(done)


def _columns(id: int, one: Reading) -> tuple[object, ...]:
    text, valid = one.number or (None, None)
    return (id, one.name, text, valid, one.birth_date, one.sex, one.residence)


def _keys(id: int, one: Reading) -> Iterator[tuple[str, int, bool]]:
    if one.number is not None:
        yield one.number.text, id, False
        if not one.number.valid:
            yield from ((other, id, True) for other in neighbours(one.number.text))
    if one.name and one.sex and (born := one.birth_date):
        first, second = sorted((born.month, born.day))
        yield f"{one.name} {one.sex} {born.year}-{first}-{second}", id, False


# Two valid numbers that differ under one birth date settle the matter, and are most of what shares a name.
_PAIRS = """
WITH shared AS (
    SELECT DISTINCT least(a.id, b.id) AS one, greatest(a.id, b.id) AS other
    FROM keys a JOIN keys b ON a.key = b.key AND a.id < b.id AND NOT (a.guessed AND b.guessed)
)
SELECT a.*, b.* FROM shared JOIN people a ON a.id = one JOIN people b ON b.id = other
WHERE NOT COALESCE(a.valid AND b.valid AND a.number <> b.number AND a.birth_date = b.birth_date, false)
ORDER BY one, other
"""


def _judged(engine: duckdb.DuckDBPyConnection) -> Iterator[Judged]:
    found = engine.execute(_PAIRS)
    width = len(_PEOPLE)
    while rows := found.fetchmany(_BLOCK):
        for row in rows:
            one, other = _read(row[:width]), _read(row[width:])
            verdict = judge(one, other)
            if verdict.kind is not Kind.DIFFERENT:
                yield Judged(Pair(row[0], row[width], verdict), _proven(one), _proven(other))


def _proven(one: Reading) -> str | None:
    return one.number.text if one.number and one.number.valid else None


def _read(columns: Sequence[object]) -> Reading:
    _, name, text, valid, born, sex, residence = columns
    assert isinstance(name, str) and (born is None or isinstance(born, dt.date))
    number = Number(text, bool(valid)) if isinstance(text, str) else None
    return Reading(name, number, born, sex, residence)  # type: ignore[arg-type]
