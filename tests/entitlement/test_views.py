"""Masks read as months, files that are checked again, and the work lists."""

import datetime as dt

import duckdb
import pytest

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.entitlement.files import folder_of
from songhe.entitlement.queries import answer_of
from songhe.entitlement.reasons import why
from songhe.entitlement.views import Fault, answers, month_sql, verify
from songhe.entitlement.work import missing_facts, people_found, settled_by, work_by_village
from songhe.policy.load import load_package
from songhe.registry.domain.facts import record_death, record_facts
from songhe.registry.domain.statements import Statement
from tests.accounts.builders import holder
from tests.entitlement.conftest import NEXT_VILLAGE, PACKAGE, VILLAGE, born


@pytest.fixture
def li(register):
    return register(hukou=VILLAGE, alive=True, birth_date=born(82), living="alone", dibao=False)


def test_a_month_is_read_as_rows(li, pay, by):
    pay(202603)
    pay(202604)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 12))
    run = pay(202605)
    allowance = [(month, answer) for month, item, answer in answers(run, li.pk) if item == "ALLOWANCE"]
    assert allowance == [(202603, "entitled"), (202604, "not_entitled"), (202605, "not_entitled")]
    rows = duckdb.sql(f"SELECT * FROM ({month_sql(run, 202603)}) ORDER BY item").fetchall()
    assert rows == [
        (li.pk, "ALLOWANCE", "entitled"),
        (li.pk, "DIBAO", "not_entitled"),
        (li.pk, "DISABILITY", "undetermined"),
        (li.pk, "MEAL", "entitled"),
    ]
    with pytest.raises(ValueError, match="not 202602"):
        month_sql(run, 202602)


def test_one_answer_of_a_run(li, register, pay):
    stranger = register(sex="F")
    run = pay(202605)
    assert [answer_of(run, li.pk, item) for item in ("MEAL", "DIBAO", "DISABILITY")] == [
        "entitled",
        "not_entitled",
        "undetermined",
    ]
    assert answer_of(run, stranger.pk, "MEAL") is None


def test_why_a_run_answered_as_it_did_as_known_to_it(li, pay, package, by):
    before = pay(202604)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 12))
    after = pay(202605)
    then, now = (why(run=run, person=li, item="ALLOWANCE", month=202604, package=package) for run in (before, after))
    assert (then.decision.answer, now.decision.answer) == ("entitled", "not_entitled")
    assert (now.facts["alive"].value, now.facts["alive"].source) == (False, "police")
    assert now.explained.truth is False
    with pytest.raises(ValueError, match="no item X"):
        why(run=after, person=li, item="X", month=202604, package=package)


def test_a_run_is_what_it_was(li, pay, package):
    pay(202604)
    assert verify(pay(202605), package) == []


def test_a_file_that_was_touched_is_found(li, pay, package):
    run = pay(202605)
    path = folder_of(run) / "202605" / "decisions.parquet"
    path.write_bytes(path.read_bytes() + b"\0")
    (folder_of(run) / "lines.parquet").unlink()
    (folder_of(run) / "more.txt").write_text("?")
    faults = [
        Fault("lines.parquet", "missing"),
        Fault("more.txt", "added"),
        Fault("202605/decisions.parquet", "changed"),
    ]
    assert verify(run, package) == faults


def test_decisions_that_do_not_follow_from_the_snapshot_are_found(li, pay, package):
    from songhe.entitlement.files import sha256

    run = pay(202605)
    path = folder_of(run) / "202605" / "decisions.parquet"
    forged = duckdb.sql(f"SELECT * REPLACE (1::BIGINT AS \"DIBAO\") FROM read_parquet('{path}')").to_arrow_table()
    duckdb.from_arrow(forged).write_parquet(str(path))
    run.files["202605/decisions.parquet"] = sha256(path)
    assert verify(run, package) == [Fault("202605/decisions.parquet", "decided_otherwise")]


def test_a_run_is_verified_with_its_own_package(li, pay):
    with pytest.raises(ValueError, match="its hash differs"):
        verify(pay(202605), load_package(f"{PACKAGE}-reform"))


@pytest.fixture
def worker(divisions):
    return holder(Role.VILLAGE_WORKER, Division.objects.get(pk=divisions[VILLAGE]))


def rows(user, **more):
    return list(missing_facts(user, **more).values_list("person", "fact"))


def test_a_village_worker_sees_what_to_settle_in_the_village_what_is_worth_most_first(li, register, decide, worker):
    cheap = register(hukou=VILLAGE, alive=True, birth_date=born(62), disability_grade="none")
    dear = register(hukou=VILLAGE, alive=True, dibao=False, living="alone", disability_grade="none")
    register(hukou=NEXT_VILLAGE, alive=True, birth_date=born(62), disability_grade="none")
    decide(202606)
    # Her birth date decides the allowance of 150 yuan; the certificate of the others is worth 110, dibao has no sum.
    assert rows(worker)[0] == (dear.pk, "birth_date")
    assert rows(worker)[-1] == (cheap.pk, "dibao")
    assert {person for person, _ in rows(worker)} == {li.pk, cheap.pk, dear.pk}


def test_work_is_done_when_the_fact_arrives(register, decide, worker, by):
    li = register(hukou=VILLAGE, alive=True, birth_date=born(62), disability_grade="none")
    decide(202606)
    assert rows(worker) == [(li.pk, "dibao")]
    record_facts(by=by("civil_affairs"), person=li, statements=[Statement("dibao", False)])
    assert rows(worker) == []


def test_nobody_asks_for_papers_of_the_dead(register, decide, worker, by):
    li = register(hukou=VILLAGE, alive=True, birth_date=born(62), disability_grade="none")
    decide(202606)
    record_death(by=by(), person=li, on=dt.date(2026, 11, 1))
    assert rows(worker) == []


def test_work_is_counted_by_village(register, decide, clerks, divisions):
    for village in (VILLAGE, VILLAGE, NEXT_VILLAGE):
        register(hukou=village, alive=True, birth_date=born(62), disability_grade="none")
    decide(202606)
    assert work_by_village(clerks["ma"]) == [(divisions[VILLAGE], 2, 0), (divisions[NEXT_VILLAGE], 1, 0)]
    assert len(rows(clerks["ma"], division=divisions["640381002"])) == 1


def test_the_vocabulary_says_which_paper_settles_a_fact(package):
    assert settled_by(package, "dibao").zh == "低保证或民政核对"


def test_people_found_in_scope(register, pay, worker):
    li = register(hukou=VILLAGE, alive=True, birth_date="1946-06-20")
    register(hukou=NEXT_VILLAGE, alive=True, birth_date="1946-06-20")
    pay(202605)
    pay(202606)
    assert [(one.person_id, one.item) for one in people_found(worker, kind="new")] == [(li.pk, "ALLOWANCE")]
    assert not people_found(worker, kind="new", deliveries=["invite"]).exists()
