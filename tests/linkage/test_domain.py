"""The queue of likely duplicates, and deciding in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from songhe.divisions.models import Division
from songhe.linkage.domain import Found, Refreshed, ask, decide, found, refresh_queue, reopen
from songhe.linkage.models import Candidate
from songhe.linkage.queries import compare_files, decided_candidates, open_candidates, queue
from songhe.linkage.rules import Identity, Rule
from songhe.linkage.search import search
from songhe.registry.domain.facts import File, record_facts, record_many
from songhe.registry.domain.merging import merge
from songhe.registry.domain.statements import Statement
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.vocabulary import StatementError
from songhe.synth.population import synthesise
from tests.accounts.builders import holder
from tests.registry.conftest import number

VILLAGE, BESIDE, ELSEWHERE = "640381001201", "640381001202", "640302001201"
NUMBER = number(7, "19440209")
ZHANG = {"name": "张伟", "birth_date": "1944-02-09", "sex": "M", "residence": VILLAGE}


@pytest.fixture
def at(divisions: dict[str, int]) -> Callable[[str], User]:
    """`at("640381")`: a town's clerk of that division."""
    return lambda code: holder(Role.TOWN_CLERK, Division.objects.get(pk=divisions[code]), f"clerk-{code}")


@pytest.fixture
def clerk(at: Callable[[str], User]) -> User:
    return at("640381001")


@pytest.fixture
def two(register: Callable[..., Any]) -> tuple[Person, Person]:
    return register(resident_id=NUMBER, **ZHANG), register(source="health", phone="13800138000", **ZHANG)


@pytest.fixture
def candidate(two: tuple[Person, Person]) -> Candidate:
    rescan()
    return Candidate.objects.get()


def rescan() -> Refreshed:
    return refresh_queue(pairs=found(search()))


def pairs_of(*pairs: tuple[Person, Person]) -> list[Found]:
    return [Found(one.pk, other.pk, Rule.NAME_BIRTH_SEX) for one, other in pairs]


class TestRefresh:
    def test_what_looks_alike_is_put_into_the_queue(self, two):
        assert rescan() == Refreshed(added=1, known=0, dropped=0)
        candidate = Candidate.objects.get()
        assert (candidate.one, candidate.other, candidate.state) == (*two, "open")
        assert candidate.rule == Rule.NAME_BIRTH_SEX_PLACE
        assert Person.objects.filter(merged_into=None).count() == 2

    def test_again_asks_nothing_new(self, two):
        rescan()
        assert rescan() == Refreshed(added=0, known=1, dropped=0)

    def test_a_question_that_fell_away_is_not_asked(self, two, by):
        rescan()
        record_facts(by=by("health"), person=two[1], statements=[Statement("sex", "F")])
        record_facts(by=by("settled"), person=two[1], statements=[Statement("sex", "F")])
        assert rescan() == Refreshed(added=0, known=0, dropped=1)
        assert not Candidate.objects.exists()

    def test_what_a_row_brought_stays(self, register):
        one, other = register(), register()
        assert ask(pairs=[Found(other.pk, one.pk, Rule.NUMBER_SLIP)]) == 1
        assert ask(pairs=[Found(one.pk, other.pk, Rule.NUMBER_SLIP)]) == 0
        assert rescan().dropped == 0

    def test_what_was_decided_is_not_asked_again(self, candidate, clerk):
        decide(by=clerk, candidate=candidate, verdict="different", reason="同名不同人")
        assert rescan() == Refreshed(added=0, known=1, dropped=0)
        assert not open_candidates(clerk).exists()

    def test_nor_of_who_stands_for_one_of_them_by_now(self, register, clerk, by):
        one, other, third = register(residence=VILLAGE), register(residence=VILLAGE), register(residence=VILLAGE)
        ask(pairs=pairs_of((one, other)))
        decide(by=clerk, candidate=Candidate.objects.get(), verdict="different", reason="同名不同人")
        merge(by=by(reason="同一人"), person=other, into=third)
        assert ask(pairs=pairs_of((one, third), (one, other))) == 0

    def test_it_is_audited(self, candidate):
        entry = Entry.objects.order_by("-sequence")[0]
        assert (entry.action, entry.details) == ("duplicate.searched", {"count": 1, "dropped": 0})

    def test_the_command_tells_what_it_found(self, two):
        out = StringIO()
        call_command("find_duplicates", stdout=out)
        assert "新增 1 对" in out.getvalue() and "2 人" in out.getvalue()
        assert NUMBER not in out.getvalue()

    def test_the_command_scores_the_rest_when_asked(self, register, by, tmp_path):
        # What chance makes agree is counted in the register, so there must be one.
        synthesise(city="qingtongxia", seed=1, people=400, output=tmp_path / "people.parquet")
        rows = pq.read_table(tmp_path / "people.parquet", columns=[*Identity._fields]).to_pylist()
        said = [[Statement(fact, value) for fact, value in row.items() if value is not None] for row in rows]
        record_many(by=by(), files=[File(None, tuple(one)) for one in said])
        register(resident_id=NUMBER, **ZHANG)
        misheard = register(source="health", **ZHANG | {"name": "章伟"})
        call_command("find_duplicates", stdout=StringIO())
        assert not Candidate.objects.filter(other=misheard).exists()
        call_command("find_duplicates", by_probability=True, stdout=StringIO())
        candidate = Candidate.objects.get(other=misheard)
        assert candidate.rule == Rule.PROBABILITY and candidate.score >= 0.9
        call_command("find_duplicates", stdout=StringIO())
        assert Candidate.objects.filter(pk=candidate.pk).exists()


class TestDecide:
    def test_the_same_are_merged_into_the_one_that_stays(self, candidate, two, clerk):
        kept, gone = two[1], two[0]
        decide(by=clerk, candidate=candidate, verdict="same", keep=kept, reason="核对身份证")
        assert list(CurrentPerson.objects.values_list("pk", flat=True)) == [kept.pk]
        assert (candidate.state, candidate.decided_by, candidate.reason) == ("same", clerk, "核对身份证")
        assert candidate.merge.person == gone
        actions = Entry.objects.order_by("-sequence").values_list("action", flat=True)[:2]
        assert list(actions) == ["duplicate.settled", "person.merged"]
        assert rescan() == Refreshed(0, 0, 0)

    def test_different_are_left_alone(self, candidate, clerk):
        decide(by=clerk, candidate=candidate, verdict="different", reason="同名不同人")
        assert CurrentPerson.objects.count() == 2
        assert candidate.merge is None

    def test_it_needs_a_reason_and_who_stays(self, candidate, two, clerk, register):
        for options in ({"reason": " ", "keep": two[0]}, {"reason": "核对"}, {"reason": "核对", "keep": register()}):
            with pytest.raises(StatementError):
                decide(by=clerk, candidate=candidate, verdict="same", **options)
        assert Candidate.objects.get().state == "open"

    def test_twice_is_refused(self, candidate, clerk):
        decide(by=clerk, candidate=candidate, verdict="different", reason="核对")
        with pytest.raises(StatementError, match="decided already"):
            decide(by=clerk, candidate=candidate, verdict="different", reason="核对")

    def test_who_reaches_only_one_of_them_may_not(self, register, at):
        ask(pairs=pairs_of((register(residence=VILLAGE), register(residence=ELSEWHERE))))
        for code in ("640381001", "640302001"):
            user = at(code)
            assert not open_candidates(user).exists()
            with pytest.raises(OutOfScope):
                decide(by=user, candidate=Candidate.objects.get(), verdict="different", reason="核对")
        assert open_candidates(at("640300")).exists()


class TestReopen:
    def test_what_was_merged_is_two_again(self, candidate, two, clerk):
        decide(by=clerk, candidate=candidate, verdict="same", keep=two[0], reason="核对")
        reopen(by=clerk, candidate=candidate, reason="弄错了")
        assert CurrentPerson.objects.count() == 2
        assert open_candidates(clerk).get() == candidate
        assert (candidate.state, candidate.decided_by, candidate.merge) == ("open", None, None)
        actions = Entry.objects.order_by("-sequence").values_list("action", flat=True)[:2]
        assert list(actions) == ["duplicate.reopened", "person.unmerged"]

    def test_what_is_open_is_refused(self, candidate, clerk):
        with pytest.raises(StatementError):
            reopen(by=clerk, candidate=candidate, reason="弄错了")


class TestQueue:
    @pytest.fixture
    def many(self, register: Callable[..., Any]) -> list[Candidate]:
        people = [register(residence=VILLAGE) for _ in range(8)]
        ask(pairs=[Found(people[0].pk, one.pk, Rule.NAME_BIRTH_SEX) for one in people[1:6]])
        ask(pairs=[Found(people[0].pk, people[6].pk, Rule.PROBABILITY, 0.91)])
        ask(pairs=[Found(people[0].pk, people[7].pk, Rule.NUMBER)])
        return list(Candidate.objects.order_by("rank", "pk"))

    def test_it_is_read_page_by_page_the_likeliest_first(self, many, clerk):
        assert (many[0].rule, many[-1].rule) == (Rule.NUMBER, Rule.PROBABILITY)
        read, cursor = [], ""
        while page := queue(clerk, cursor=cursor, size=3):
            read += page.rows
            if not (cursor := page.after):
                break
        assert read == many

    @pytest.mark.parametrize("size", [1, 3])
    def test_a_page_takes_as_many_queries_however_long(self, many, clerk, size, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            for candidate in queue(clerk, size=size).rows:
                assert candidate.one.current.name is None

    def test_who_was_merged_meanwhile_is_no_question(self, candidate, two, clerk, by, register):
        merge(by=by(reason="同一人"), person=two[1], into=register(residence=VILLAGE))
        assert not open_candidates(clerk).exists()

    def test_what_was_decided_is_listed(self, many, clerk):
        decide(by=clerk, candidate=many[0], verdict="different", reason="核对")
        assert list(decided_candidates(clerk)) == [many[0]]


class TestCompare:
    def test_fact_by_fact_sealed_ones_masked(self, candidate, by):
        record_facts(by=by(), person=candidate.one, statements=[Statement("phone", "13900139000")])
        lines = {line.fact: line for line in compare_files(candidate)}
        assert {fact: line.state for fact, line in lines.items()} == {
            "name": "equal",
            "resident_id": "only_one",
            "birth_date": "equal",
            "sex": "equal",
            "residence": "equal",
            "phone": "different",
        }
        assert lines["phone"].one.value == "139******00"
        assert lines["resident_id"].other is None
        assert NUMBER not in str(lines)

    def test_two_sealed_values_of_one_mask_differ(self, candidate, by):
        # 138 and 00 at the ends is all that both show.
        record_facts(by=by(), person=candidate.one, statements=[Statement("phone", "13811118000")])
        assert {line.fact: line.state for line in compare_files(candidate)}["phone"] == "different"

    def test_after_a_merge_as_they_stood_before(self, candidate, two, clerk):
        before = [(line.fact, line.state) for line in compare_files(candidate)]
        decide(by=clerk, candidate=candidate, verdict="same", keep=two[0], reason="核对")
        assert [(line.fact, line.state) for line in compare_files(Candidate.objects.get())] == before


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change", [{"state": "same"}, {"decided_at": dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "reason": "核对"}]
    )
    def test_a_decision_has_its_day_and_reason(self, candidate, change):
        with pytest.raises(IntegrityError), transaction.atomic():
            Candidate.objects.update(**change)

    def test_a_pair_is_there_once_and_in_order(self, candidate):
        for one, other in ((candidate.one, candidate.other), (candidate.other, candidate.one)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Candidate.objects.create(one=one, other=other, rule=Rule.NUMBER, rank=0)
