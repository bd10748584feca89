"""A county's people on a day, as known at a moment, as a Parquet file that `songhe run` decides on (快照)."""

from __future__ import annotations

import datetime as dt
import io
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from django.db import connection
from django.utils import timezone

from songhe import __version__
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.divisions.queries import tree_on
from songhe.registry.groups import Groups, all_groups
from songhe.registry.models import Transaction
from songhe.registry.places import moved
from songhe.registry.queries import transaction_at
from songhe.registry.resolve_sql import RULE_COLUMNS, Moment, counting_sql, resolved_sql
from songhe.registry.sets import among_sql, by_index
from songhe.registry.vocabulary import rule_facts

_BLOCK = 50_000
_TYPES = {
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "money": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "code": pa.string(),
    "division": pa.string(),
}
_SCHEMA = pa.schema(
    [pa.field("id", pa.int64(), nullable=False), *((fact.name, _TYPES[fact.type]) for fact in rule_facts().values())]
)
_WORD = pa.dictionary(pa.int32(), pa.string())
_RECORD = pa.schema(
    zip(
        RULE_COLUMNS,
        (pa.int64(), _WORD, _WORD, pa.string(), pa.int64(), pa.date32(), pa.int64(), pa.int64()),
        strict=True,
    )
)


class SnapshotError(ValueError):
    """A snapshot that cannot be written; the text is in Chinese and English."""


class NobodyThere(SnapshotError):
    """Nobody's file lay in the division on the day."""


# By which of two places a file belongs to a division; the other one only where that is not known.
REGISTERED, LIVING = ("hukou", "residence"), ("residence", "hukou")


@dataclass(frozen=True)
class _Wanted:
    county: str
    by: tuple[str, str]
    moment: Moment
    recorded_at: dt.datetime
    # Divisions, of whatever day, that lie in the county on the day; and what each division is called on it.
    inside: tuple[int, ...]
    codes: pa.Table


def write_snapshot(
    *,
    county: int,
    valid_on: dt.date,
    known_at: dt.datetime | int | None,
    folder: Path,
    user: User | None = None,
    by: tuple[str, str] = REGISTERED,
) -> Path:
    """A row per person whose file belongs to the division `county` (id) on the day, in the order of ids.

    A file belongs where the household registration (户籍) is, or where the person lives when that is not known: every
    file lies in one county. With `by=LIVING` it is the other way round. `known_at` is a moment, the number of a
    transaction, or None for what is known now; the same moment gives the same bytes, whatever has been recorded since.
    Streamed: memory does not grow with the people.
    Raises SnapshotError when the county did not exist on the day, and NobodyThere when it holds nobody.
    """
    wanted = _want(county, valid_on, known_at, by)
    path = folder / f"{wanted.county}-{valid_on}-known-{timezone.localtime(wanted.recorded_at):%Y%m%dT%H%M%S}.parquet"
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        rows = _write(wanted, part)
        if not rows:
            raise NobodyThere(f"{wanted.county} 当日没有老年人档案： Nobody's file belongs there on {valid_on}.")
        details = {"as_of": valid_on, "file": path.name, "count": rows, "transaction": wanted.moment.known_at}
        append(user=user, action="snapshot.written", division=county, details=details)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def write_for_counting(*, division: int, valid_on: dt.date, known_at: dt.datetime | int | None, path: Path) -> int:
    """The rows of `write_snapshot` in a file that its caller counts and takes away again; how many they are.

    Nothing is noted in the audit trail: whoever calls lets nobody see the file. Nobody there: 0, and an empty file.
    """
    return _write(_want(division, valid_on, known_at), path)


def _want(
    county: int, valid_on: dt.date, known_at: dt.datetime | int | None, by: tuple[str, str] = REGISTERED
) -> _Wanted:
    tree = tree_on(valid_on)
    if county not in tree:
        raise SnapshotError(f"{valid_on} 没有该区划： There is no division {county} on that day.")
    number = _number(known_at)
    inside = tree.subtree([county])
    went_on = {before: after for before, after in moved(valid_on).items() if after is not None}
    everywhere = {node.id: node.code for node in tree}
    codes = everywhere | {before: everywhere[after] for before, after in went_on.items()}
    held = inside | {before for before, after in went_on.items() if after in inside}
    return _Wanted(
        county=tree.node(county).code,
        by=by,
        moment=Moment(valid_on, number.pk),
        recorded_at=number.at,
        inside=tuple(sorted(held)),
        codes=pa.table({"id": list(codes), "code": list(codes.values()), "held": [id in held for id in codes]}),
    )


def _number(known_at: dt.datetime | int | None) -> Transaction:
    wanted = transaction_at(known_at) if isinstance(known_at, dt.datetime) else known_at
    found = Transaction.objects.filter(**({} if wanted is None else {"pk": wanted})).order_by("-pk").first()
    if found is None:
        raise SnapshotError("当时尚无任何登记： Nothing had been recorded by then.")
    return found


def _write(wanted: _Wanted, path: Path) -> int:
    rows = 0
    with (
        closing(duckdb.connect(config={"memory_limit": "600MB", "threads": 2})) as engine,
        pq.ParquetWriter(path, _SCHEMA, compression="zstd", store_schema=False) as writer,
    ):
        writer.add_key_value_metadata(
            {
                "songhe.version": __version__,
                "songhe.county": wanted.county,
                "songhe.valid_on": wanted.moment.valid_on.isoformat(),
                "songhe.known_at": timezone.localtime(wanted.recorded_at).isoformat(),
                "songhe.transaction": str(wanted.moment.known_at),
            }
        )
        engine.register("codes", wanted.codes)
        groups = all_groups(known_at=wanted.moment.known_at)
        for people in _blocks(_standing(_candidates(wanted), groups)):
            engine.register("counting", _records(wanted.moment, people, groups))
            found = engine.sql(_people_sql(wanted.moment.valid_on, wanted.by)).to_arrow_table()
            engine.unregister("counting")
            if found.num_rows:
                writer.write_table(found.cast(_SCHEMA), row_group_size=_BLOCK)
                rows += found.num_rows
    return rows


def _people_sql(valid_on: dt.date, by: tuple[str, str] = REGISTERED) -> str:
    columns = [
        f"COALESCE({name[0]}.code, p.{name}) AS {name}" if name in ("hukou", "residence") else f"p.{name}"
        for name in rule_facts()
    ]
    return (
        f"SELECT p.person_id AS id, {', '.join(columns)} "
        f"FROM ({resolved_sql('SELECT * FROM counting', valid_on=valid_on, vendor='duckdb', personal=False)}) p "
        "LEFT JOIN codes h ON h.id = p.hukou_division LEFT JOIN codes r ON r.id = p.residence_division "
        f"WHERE COALESCE({by[0][0]}.held, {by[1][0]}.held) ORDER BY p.person_id"
    )


def _candidates(wanted: _Wanted) -> array[int]:
    """Everybody of whom a place in the county was ever stated, in order: those who belong to it, and some more."""
    inside, parameter = among_sql("division_id", wanted.inside)
    statement = (
        f"SELECT DISTINCT person_id FROM registry_factrecord WHERE {inside} "
        f"AND transaction_id <= {int(wanted.moment.known_at or 0)} ORDER BY person_id"
    )
    found = array("q")
    with connection.cursor() as cursor:
        cursor.execute(statement, [parameter])
        while rows := cursor.fetchmany(_BLOCK):
            found.extend(row[0] for row in rows)
    return found


def _standing(people: array[int], groups: Groups) -> array[int]:
    """Those who stand for these people, in order."""
    return array("q", sorted(groups.survivors(people))) if groups.survivor_of else people


def _blocks(people: array[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + _BLOCK] for start in range(0, len(people), _BLOCK))


def _records(moment: Moment, people: Sequence[int], groups: Groups) -> pa.Table:
    """What is known about these people, as it comes from the database."""
    merged = groups.merged_into(people)
    among, parameter = among_sql("r.person_id", [*people, *merged])
    statement = counting_sql(moment, among, personal=False, merged=merged)
    with by_index(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copied(cursor, statement, parameter)
        cursor.execute(statement, [parameter])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * len(RULE_COLUMNS)
    return pa.Table.from_arrays(
        [_column(name, values) for name, values in zip(RULE_COLUMNS, columns, strict=True)], schema=_RECORD
    )


def _column(name: str, values: Sequence[Any]) -> pa.Array:
    if name == "valid_from":
        values = [dt.date.fromisoformat(value) if isinstance(value, str) else value for value in values]
    return pa.array(values, _RECORD.field(name).type)


def _copied(cursor: Any, statement: str, parameter: Any) -> pa.Table:
    buffer = io.BytesIO()
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)", [parameter]) as copy,
    ):
        for data in copy:
            buffer.write(data)
    if not buffer.tell():
        return _RECORD.empty_table()
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        read_options=csv.ReadOptions(column_names=list(RULE_COLUMNS)),
        convert_options=csv.ConvertOptions(
            column_types=_RECORD, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
