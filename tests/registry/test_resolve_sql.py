"""The SELECT for millions says what the pure resolution says, in all three engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from songhe.registry.models import FactRecord, Person, Retraction, Transaction
from songhe.registry.queries import file_as_of
from songhe.registry.resolve_sql import RULE_COLUMNS, Moment, counting_sql, nothing_sql, resolved_sql
from songhe.registry.sets import among_sql, ids_sql
from songhe.registry.vocabulary import from_text, rule_facts

TRANSACTIONS = 5
PEOPLE = 2
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 1, 6))
VALUES: dict[str, list[str | None]] = {
    "alive": ["true", "false", None],
    "death_date": ["2024-01-02", "2024-01-04", "2023-12-31"],
    "living": ["alone", "with_children", None],
    "dibao": ["true", "false", None],
    "income_per_capita_month": ["0", "120000", None],
    "residence": ["640381001201", "640302001201", None],
}
SOURCES = ["settled", "police", "civil_affairs", "community"]


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    fact = draw(st.sampled_from(sorted(VALUES)))
    value = draw(st.sampled_from(VALUES[fact]))
    start, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if start and end and end < start:
        start, end = end, start
    if fact == "death_date":
        start = end = None
    if fact == "alive" and value == "false":
        end = None
    number = draw(st.integers(1, TRANSACTIONS))
    return {
        "person": draw(st.integers(0, PEOPLE - 1)),
        "fact": fact,
        "value": value,
        "source": draw(st.sampled_from(SOURCES)),
        "valid_from": start,
        "valid_to": end,
        "transaction": number,
        "retracted_in": draw(st.none() | st.integers(number, TRANSACTIONS)),
    }


@contextmanager
def written(statements: list[dict[str, Any]]) -> Iterator[tuple[list[Person], list[int]]]:
    """The statements as records, and nothing of them afterwards."""
    with transaction.atomic():
        numbers = [Transaction.objects.create(at=timezone.now(), source="police") for _ in range(TRANSACTIONS)]
        people = [Person.objects.create(created_in=numbers[0]) for _ in range(PEOPLE)]
        for statement in statements:
            values = dict(statement)
            retracted_in = values.pop("retracted_in")
            values["person"], values["transaction"] = people[values["person"]], numbers[values["transaction"] - 1]
            record = FactRecord.objects.create(**values)
            if retracted_in:
                Retraction.objects.create(record=record, transaction=numbers[retracted_in - 1], reason="错录")
        yield people, [number.pk for number in numbers]
        transaction.set_rollback(True)


def by_database(people: list[Person], moment: Moment) -> dict[int, dict[str, Any]]:
    ids = [person.pk for person in people]
    among, parameter = among_sql("r.person_id", ids)
    counting = f"{counting_sql(moment, among)} UNION ALL {nothing_sql(ids_sql(ids)[0])}"
    with connection.cursor() as cursor:
        cursor.execute(
            resolved_sql(counting, valid_on=moment.valid_on, vendor=connection.vendor), [parameter, parameter]
        )
        names = [column[0] for column in cursor.description]
        return {row[0]: plain(dict(zip(names, row, strict=True))) for row in cursor.fetchall()}


def by_duckdb(people: list[Person], moment: Moment) -> dict[int, dict[str, Any]]:
    among, parameter = among_sql("r.person_id", [person.pk for person in people])
    with connection.cursor() as cursor:
        cursor.execute(counting_sql(moment, among, personal=False), [parameter])
        found = cursor.fetchall()
    types = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.int64(), pa.date32(), pa.int64(), pa.int64())
    columns = list(zip(*found, strict=True)) or [()] * len(types)
    arrays = [
        pa.array(map(as_day, column) if kind == pa.date32() else column, kind)
        for column, kind in zip(columns, types, strict=True)
    ]
    table = pa.table(dict(zip(RULE_COLUMNS, arrays, strict=True)))
    with duckdb.connect() as engine:
        engine.register("counting", table)
        sql = resolved_sql("SELECT * FROM counting", valid_on=moment.valid_on, vendor="duckdb", personal=False)
        relation = engine.sql(sql)
        return {row[0]: plain(dict(zip(relation.columns, row, strict=True))) for row in relation.fetchall()}


def as_day(value: Any) -> Any:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """What is known, typed, and the conflicts as a set."""
    known = {
        # SQLite gives days as texts and truth as numbers.
        fact: from_text(fact, value) if isinstance(value, str) else bool(value) if kind.type == "bool" else value
        for fact, kind in rule_facts().items()
        if (value := row[fact]) is not None
    }
    return {**known, "conflicts": set(row["conflicts"].strip(",").split(",")) - {""}}


def by_hand(person: Person, moment: Moment) -> dict[str, Any]:
    resolved = file_as_of(person, valid_on=moment.valid_on, known_at=moment.known_at)
    known: dict[str, Any] = {fact: one.value for fact, one in resolved.items()}
    return {**known, "conflicts": {fact for fact, one in resolved.items() if one.conflict}}


def record(fact: str, value: str | None, source: str = "police", number: int = 1, **more: Any) -> dict[str, Any]:
    keys = {"valid_from": None, "valid_to": None, "retracted_in": None, "person": 0} | more
    return {"fact": fact, "value": value, "source": source, "transaction": number, **keys}


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(rows(), max_size=12), DAYS, st.none() | st.integers(0, TRANSACTIONS))
@example(
    [record("alive", "false", valid_from=dt.date(2024, 1, 2)), record("alive", "true", number=2)],
    dt.date(2024, 1, 5),
    None,
)
@example(
    [record("death_date", "2024-01-02"), record("alive", "true", valid_from=dt.date(2024, 1, 3))],
    dt.date(2024, 1, 5),
    None,
)
@example([record("dibao", "true", "settled", 2), record("dibao", "false", number=3)], dt.date(2024, 1, 5), None)
def test_all_say_the_same(statements: list[dict[str, Any]], valid_on: dt.date, known: int | None):
    with written(statements) as (people, numbers):
        known_at = None if known is None else numbers[known - 1] if known else numbers[0] - 1
        moment = Moment(valid_on, known_at)
        expected = {person.pk: by_hand(person, moment) for person in people}
        assert by_database(people, moment) == expected
        # DuckDB was told of nobody of whom nothing counts.
        unknown = {person.pk: {"conflicts": set()} for person in people}
        assert unknown | by_duckdb(people, moment) == expected


@pytest.mark.django_db
def test_sqlite_looks_precedence_up_instead_of_reading_it_for_every_record():
    if connection.vendor != "sqlite":
        return
    among, parameter = among_sql("r.person_id", [1])
    statement = resolved_sql(
        counting_sql(Moment(dt.date(2024, 1, 5)), among), valid_on=dt.date(2024, 1, 5), vendor="sqlite"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", [parameter])
        steps = [row[-1] for row in cursor.fetchall() if " p " in f"{row[-1]} "]
    assert any("AUTOMATIC" in step and "INDEX" in step for step in steps), steps
