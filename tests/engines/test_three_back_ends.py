"""The dense form on PostgreSQL and on Spark answers as on DuckDB: for random conditions and for every package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.policy.load import load_package
from songhe.rules import tree
from songhe.rules.figures import Figures
from songhe.rules.vocabulary import Fact
from tests.builders import (
    PACKAGES,
    Answers,
    Question,
    answer_by_dense,
    area_of,
    dense_statement,
    differences,
    month_ends,
    package_question,
    questions,
    random_people,
    read_dense_rows,
)

pytestmark = pytest.mark.engines

Engine = Callable[[Question], Answers]

POSTGRES_TYPES = {
    "date": "date",
    "bool": "boolean",
    "int": "bigint",
    "money": "bigint",
    "decimal": "numeric(18, 4)",
    "code": "text",
    "division": "text",
}
SPARK_TYPES = POSTGRES_TYPES | {"code": "string", "division": "string", "decimal": "decimal(18, 4)"}


def rows(question: Question) -> list[tuple[Any, ...]]:
    """The population as id and the facts in their order."""
    return [(id, *(facts.get(fact.name) for fact in question.facts)) for id, facts in enumerate(question.people)]


def columns(facts: Sequence[Fact], types: dict[str, str], quote: str) -> str:
    return ", ".join(["id bigint", *(f"{quote}{fact.name}{quote} {types[fact.type]}" for fact in facts)])


@pytest.fixture
def on_postgres(postgres: Any) -> Engine:
    def answer(question: Question) -> Answers:
        with postgres.transaction():
            postgres.execute("DROP TABLE IF EXISTS people")
            created = columns(question.facts, POSTGRES_TYPES, '"')
            postgres.execute(f"CREATE TEMPORARY TABLE people ({created})")
            with postgres.cursor().copy("COPY people FROM STDIN") as copy:
                for row in rows(question):
                    copy.write_row(row)
            found = postgres.execute(dense_statement(question, "postgres")).fetchall()
        return read_dense_rows(question, found)

    return answer


@pytest.fixture
def on_spark(spark: Any) -> Engine:
    def answer(question: Question) -> Answers:
        schema = columns(question.facts, SPARK_TYPES, "`")
        spark.createDataFrame(rows(question), schema).createOrReplaceTempView("people")
        return read_dense_rows(question, spark.sql(dense_statement(question, "spark")).collect())

    return answer


def some_package(name: str, seed: int = 1) -> Question:
    package = load_package(name)
    days = [*month_ends("2024-01", 2), dt.date(2026, 1, 31)]
    return package_question(
        package, random_people(package.vocabularies["person"], seed, 60, days, area_of(package)), days
    )


# A function-scoped fixture is right here: what an example writes is replaced by the next.
any_question = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestPostgres:
    @any_question
    @given(questions())
    def test_it_answers_any_question_as_duckdb_does(self, on_postgres: Engine, question: Question) -> None:
        assert differences(on_postgres(question), answer_by_dense(question)) == {}

    @pytest.mark.parametrize("name", PACKAGES)
    def test_it_decides_every_package_as_duckdb_does(self, on_postgres: Engine, name: str) -> None:
        question = some_package(name)
        assert differences(on_postgres(question), answer_by_dense(question)) == {}

    def test_every_fact_is_a_column_that_may_be_named(self, on_postgres: Engine) -> None:
        assert_every_fact_can_be_asked_for(on_postgres)


class TestSpark:
    @settings(any_question, max_examples=12)
    @given(st.lists(questions(), min_size=1, max_size=1))
    def test_it_answers_any_question_as_duckdb_does(self, on_spark: Engine, asked: list[Question]) -> None:
        for question in asked:
            assert differences(on_spark(question), answer_by_dense(question)) == {}

    @pytest.mark.parametrize("name", PACKAGES)
    def test_it_decides_every_package_as_duckdb_does(self, on_spark: Engine, name: str) -> None:
        question = some_package(name)
        assert differences(on_spark(question), answer_by_dense(question)) == {}

    def test_every_fact_is_a_column_that_may_be_named(self, on_spark: Engine) -> None:
        assert_every_fact_can_be_asked_for(on_spark)


def assert_every_fact_can_be_asked_for(engine: Engine) -> None:
    """No fact of any subject has a name that an engine keeps for itself."""
    for vocabulary in load_package("suizhou-2023").vocabularies.values():
        known = {f"{name}?": tree.Known(name) for name in vocabulary.facts}
        day = dt.date(2024, 10, 31)
        question = Question(known, [{}], [day], Figures(), list(vocabulary.facts.values()))
        assert set(engine(question).values()) == {False}
        assert differences(engine(question), answer_by_dense(question)) == {}
