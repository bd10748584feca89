"""Whatever is recorded, merged and taken apart, in whatever order: all ways of reading agree, at every moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.merging import merge, unmerge
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.models import CurrentPerson, FactRecord, Merge, Person, Transaction
from songhe.registry.projection import rebuild
from songhe.registry.queries import file_as_of
from songhe.registry.resolve import Record, resolve
from songhe.registry.snapshot import SnapshotError, write_snapshot
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import from_text

TODAY = dt.date.today()
PEOPLE = 4
ONE = st.integers(0, PEOPLE - 1)
STATED = st.tuples(
    st.just("state"),
    ONE,
    st.sampled_from(
        [
            Statement("dibao", True),
            Statement("dibao", False),
            Statement("living", "alone", TODAY - dt.timedelta(2)),
            Statement("living", None),
            Statement("hukou", "640381001201"),
            Statement("hukou", "640302001201"),
            Statement("alive", False),
            Statement("death_date", TODAY - dt.timedelta(1)),
        ]
    ),
    st.sampled_from(["police", "health", "settled"]),
)
STEPS = st.lists(STATED | st.tuples(st.just("merge"), ONE, ONE) | st.tuples(st.just("unmerge"), ONE), max_size=12)
SOME = st.lists(STATED, max_size=5)
QUICK = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
State = dict[int, frozenset[int]]


class World:
    """Does the steps that can be done, and keeps its own account of who counted as whom when."""

    def __init__(self) -> None:
        opened = record_many(by=self.author(), files=[File(None, ()) for _ in range(PEOPLE)])
        self.people = list(opened.people)
        self.links: list[tuple[int, int, Merge]] = []
        self.history = {opened.transaction: self.now()}

    def author(self, source: str = "police") -> Author:
        return Author(user=None, source=source, reason="测试")

    def do(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("state", one, statement, source):
                person = self.end(self.people[one])
                record_many(by=self.author(source), files=[File(person, (statement,))])
            case ("merge", one, other):
                gone, kept = self.end(self.people[one]), self.end(self.people[other])
                if gone != kept:
                    self.links.append((gone, kept, merge(by=self.author(), person=as_is(gone), into=as_is(kept))))
            case ("unmerge", one) if self.links:
                unmerge(by=self.author(), merge=self.links.pop(one % len(self.links))[2])
        self.history[Transaction.objects.order_by("-pk")[0].pk] = self.now()

    def end(self, person: int) -> int:
        return next((self.end(kept) for gone, kept, _ in self.links if gone == person), person)

    def now(self) -> State:
        """Survivor → everybody who counts as them."""
        ends = {person: self.end(person) for person in self.people}
        return {end: frozenset(one for one in ends if ends[one] == end) for end in ends.values()}


def as_is(person: int) -> Person:
    return Person.objects.get(pk=person)


def by_hand(group: Iterable[int], known_at: int | None) -> dict[str, Any]:
    records = FactRecord.objects.filter(person__in=group)
    plain = [
        Record(one.pk, one.fact, one.value, one.source, one.transaction_id, one.valid_from, one.valid_to)
        for one in records
    ]
    verdicts = resolve(plain, valid_on=TODAY, known_at=known_at, precedence=precedence())
    return {fact: from_text(fact, verdict.value) for fact, verdict in verdicts.items()}


def snapshot(divisions: dict[str, int], folder: Path, known_at: int) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for county in ("640381", "640302"):
        try:
            path = write_snapshot(county=divisions[county], valid_on=TODAY, known_at=known_at, folder=folder)
        except SnapshotError:
            continue
        for row in pq.read_table(path).to_pylist():
            person = row.pop("id")
            rows[person] = {fact: value for fact, value in row.items() if value is not None}
    return rows


@pytest.mark.django_db
@QUICK
@given(steps=STEPS)
def test_all_ways_of_reading_agree(divisions: dict[str, int], tmp_path: Path, steps: list[tuple[Any, ...]]):
    with transaction.atomic():
        world = World()
        for step in steps:
            world.do(step)
        assert list(rebuild(write=False)) == []
        assert set(CurrentPerson.objects.values_list("pk", flat=True)) == set(world.now())
        for known_at, state in world.history.items():
            expected = {survivor: by_hand(group, known_at) for survivor, group in state.items()}
            for survivor, group in state.items():
                for person in group:
                    read = file_as_of(as_is(person), known_at=known_at)
                    assert {fact: one.value for fact, one in read.items()} == expected[survivor]
            somewhere = {survivor: facts for survivor, facts in expected.items() if "hukou" in facts}
            assert snapshot(divisions, tmp_path, known_at) == somewhere
        transaction.set_rollback(True)


@pytest.mark.django_db
@QUICK
@given(steps=SOME, pairs=st.lists(st.tuples(ONE, ONE), max_size=4), later=SOME)
def test_taking_all_merges_apart_gives_what_there_was(
    divisions: dict[str, int], steps: list[Any], pairs: list[Any], later: list[Any]
):
    with transaction.atomic():
        world = World()
        for step in steps:
            world.do(step)
        before = list(CurrentPerson.objects.order_by("pk").values())
        for one, other in pairs:
            world.do(("merge", one, other))
        between = [(world.end(world.people[one]), statement, source) for _, one, statement, source in later]
        for step in later:
            world.do(step)
        while world.links:
            world.do(("unmerge", 1))
        if not later:
            assert list(CurrentPerson.objects.order_by("pk").values()) == before
        assert list(rebuild(write=False)) == []
        touched = {person for person, _, _ in between}
        assert [row for row in before if row["person_id"] not in touched] == [
            row for row in CurrentPerson.objects.order_by("pk").values() if row["person_id"] not in touched
        ]
        transaction.set_rollback(True)
