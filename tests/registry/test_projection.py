"""The projection is what the records say, whatever was written and in whatever order."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.accounts.models import Entry
from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import CurrentPerson, FactRecord, Person
from songhe.registry.projection import project_at_end, rebuild
from songhe.registry.queries import file_as_of
from songhe.registry.vocabulary import is_sealed

TODAY = dt.date.today()
NEVER = st.none()
DAYS = st.none() | st.dates(TODAY - dt.timedelta(3), TODAY)
LATER = st.none() | st.dates(TODAY - dt.timedelta(1), TODAY + dt.timedelta(2))


def stated(fact: str, *values: Any) -> st.SearchStrategy[Statement]:
    return st.builds(Statement, st.just(fact), st.sampled_from(values), DAYS, LATER).filter(
        lambda one: not (one.valid_from and one.valid_to and one.valid_to < one.valid_from)
    )


STATEMENTS = st.one_of(
    stated("name", "张伟", "曾小明", None),
    stated("phone", "13800138000", "13900139000", None),
    stated("dibao", True, False, None),
    stated("residence", "640381001201", "640302001201", "110101001001"),
    st.builds(Statement, st.just("alive"), st.booleans(), DAYS, NEVER),
    st.builds(Statement, st.just("death_date"), st.sampled_from([TODAY, TODAY - dt.timedelta(2)]), NEVER, NEVER),
)
WRITINGS = st.lists(
    st.tuples(
        st.sampled_from(["police", "health", "community", "settled"]),
        st.lists(st.tuples(st.integers(0, 2), STATEMENTS), max_size=4),
        st.integers(0, 3),
    ),
    max_size=4,
)


def write(writings: list[tuple[str, list[tuple[int, Statement]], int]], people: list[int]) -> None:
    """Each writing states something about some of the people, then one in four retracts a record."""
    for source, statements, luck in writings:
        by = Author(user=None, source=source, reason="测试")
        record_many(by=by, files=(File(people[index], (statement,)) for index, statement in statements))
        record = FactRecord.objects.filter(retraction=None).order_by("-pk").first()
        if luck == 0 and record is not None:
            retract(by=by, person=record.person, records=[record.pk])


def as_shown(row: CurrentPerson, person: Person) -> dict[str, Any]:
    resolved = file_as_of(person)
    return {
        "shown": {fact: getattr(row, fact) for fact in resolved if not is_sealed(fact)},
        "unknown": {fact for fact in ("name", "phone", "dibao", "residence", "alive") if getattr(row, fact) is None},
        "conflicts": set(row.conflicts.split(",")) - {""},
    }


def as_resolved(person: Person) -> dict[str, Any]:
    resolved = file_as_of(person)
    return {
        "shown": {fact: one.value for fact, one in resolved.items() if not is_sealed(fact)},
        "unknown": {"name", "phone", "dibao", "residence", "alive"} - set(resolved),
        "conflicts": {fact for fact, one in resolved.items() if one.conflict},
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(writings=WRITINGS)
def test_it_is_kept_right_by_every_writing(divisions: dict[str, int], writings: list[Any]):
    with transaction.atomic():
        opened = record_many(by=Author(user=None, source="police"), files=[File(None, ()) for _ in range(3)])
        write(writings, list(opened.people))
        assert list(rebuild(write=False)) == []
        for row in CurrentPerson.objects.select_related("person"):
            assert as_shown(row, row.person) == as_resolved(row.person)
        transaction.set_rollback(True)


class TestCommand:
    def run(self, **options: Any) -> str:
        out = StringIO()
        call_command("rebuild_projection", stdout=out, **options)
        return out.getvalue()

    @pytest.fixture
    def wrong(self, register) -> CurrentPerson:
        row = CurrentPerson.objects.get(pk=register(sex="F").pk)
        CurrentPerson.objects.filter(pk=row.pk).update(sex="M")
        return row

    def test_it_mends_and_tells(self, wrong):
        assert "sex: 1" in self.run()
        wrong.refresh_from_db()
        assert wrong.sex == "F"
        assert Entry.objects.get(action="projection.rebuilt").details["differences"] == 1

    def test_a_check_changes_nothing_and_fails(self, wrong):
        with pytest.raises(CommandError):
            self.run(check=True)
        wrong.refresh_from_db()
        assert wrong.sex == "M"

    def test_a_row_that_is_not_there_is_made(self, register):
        register(sex="F")
        CurrentPerson.objects.all().delete()
        assert "no row" in self.run()
        assert CurrentPerson.objects.get().sex == "F"

    def test_what_is_due_is_looked_at(self, register):
        register(sex="F")
        assert "people looked at" in self.run(due=True)


def test_a_history_is_projected_once_and_comes_out_the_same(register, by):
    first, second = register(sex="F"), register(sex="M")
    with project_at_end():
        record_many(by=by("community"), files=[File(first.pk, [Statement("living", "alone")])])
        number = record_many(by=by(), files=[File(second.pk, [Statement("sex", "F")])]).transaction
        record = FactRecord.objects.get(transaction=number)
        retract(by=by(reason="登记错人"), person=second, records=[record.pk])
        assert not CurrentPerson.objects.filter(living="alone").exists()
    assert CurrentPerson.objects.get(pk=first.pk).living == "alone"
    assert list(rebuild(write=False)) == []


def test_a_history_that_fails_half_way_leaves_nothing(register, by):
    person = register(sex="F")
    with pytest.raises(RuntimeError), transaction.atomic(), project_at_end():
        record_many(by=by("community"), files=[File(person.pk, [Statement("living", "alone")])])
        raise RuntimeError("the power goes out")
    assert FactRecord.objects.filter(fact="living").count() == 0
    record_many(by=by("community"), files=[File(person.pk, [Statement("living", "alone")])])
    assert CurrentPerson.objects.get(pk=person.pk).living == "alone"
