"""Making a run: what refuses it, and what one that fails leaves behind."""

from __future__ import annotations

import datetime as dt
import os
from threading import Barrier, Thread

import pytest
from django.db import connection

from songhe.accounts.scope import OutOfScope
from songhe.entitlement.domain.accepting import accept
from songhe.entitlement.domain.running import run_month
from songhe.entitlement.errors import RunError
from songhe.entitlement.files import folder_of
from songhe.entitlement.models import Line, MissingFact, Run, RunStep
from songhe.entitlement.months import shifted
from songhe.entitlement.queries import owed
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from tests.entitlement.conftest import ELSEWHERE, VILLAGE, born


@pytest.fixture
def li(register):
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


def test_what_a_run_holds(li, decide, package, county):
    run = decide(202606)
    assert (run.county_id, run.month, run.package, run.package_hash) == (county, 202606, package.id, package.hash)
    assert (run.people, run.accounts_from, run.first, run.base) == (1, 202606, 202606, None)
    allowance, _, dibao, meal = run.items
    assert allowance == {
        "id": "ALLOWANCE",
        "name": "高龄津贴",
        "clauses": ["T-1"],
        "entitled": 1,
        "undetermined": 0,
        "not_entitled": 0,
        "amount": "exact",
        "unit": "元/月/人",
        "delivery": "offer",
        "pays": True,
        "unpaid": "",
        "paid": 1,
        "without_grant": 0,
        "fen": 6000,
    }
    # No sum is written, or none is paid: counted and shown, never paid.
    assert [(item["amount"], item["pays"], item["fen"]) for item in (dibao, meal)] == [
        ("unset", False, 0),
        ("none", False, 0),
    ]
    assert {name.partition("/")[2] for name in run.files if "/" in name} == {
        "decisions.parquet",
        "manifest.json",
        "summary.parquet",
    }


def test_an_accepted_run_says_what_is_owed_for_whoever_pays(li, decide, clerks, package):
    run = decide(202606)
    assert list(owed(run)) == []
    accept(run=run, by=clerks["ma"])
    (one,) = owed(run)
    assert one[1:] == (li.pk, "ALLOWANCE", dt.date(2026, 6, 1), 6000, "T-1", package.hash)
    assert one.reference == f"line:{Line.objects.get().pk}"


def test_a_county_without_anybody_leaves_nothing(divisions, runs_home, package):
    with pytest.raises(RunError, match="尚无任何登记"):
        run_month(county=divisions["640302"], month=202606, package=package)
    assert list(runs_home.rglob("*.parquet")) == []


def test_a_run_that_fails_half_way_leaves_nothing(register, runs_home, divisions, package):
    register(hukou=VILLAGE)
    with pytest.raises(RunError, match="Nobody's file belongs there"):
        run_month(county=divisions["640302"], month=202606, package=package)
    assert [path for path in runs_home.rglob("*") if path.is_file() or "partial" in path.name] == []
    assert not Run.objects.exists() and not RunStep.objects.exists() and not MissingFact.objects.exists()


def test_what_a_killed_run_left_is_cleared_by_the_next_one(li, decide, runs_home):
    left = runs_home / "640381" / "2026-06" / "0123.partial-999999999"
    still_at_work = runs_home / "640381" / "2026-06" / f"4567.partial-{os.getppid()}"
    for folder in (left, still_at_work):
        folder.mkdir(parents=True)
    decide(202606)
    assert not left.exists() and still_at_work.exists()


def test_nobody_else_of_the_machine_reads_the_files(li, decide):
    assert folder_of(decide(202606)).stat().st_mode & 0o077 == 0


def test_an_earlier_month_is_not_run_once_a_later_one_is_accepted(li, pay, decide):
    pay(202606)
    with pytest.raises(RunError, match="comes with the next run"):
        decide(202605)


@pytest.mark.parametrize("start", [202607, 202305])
def test_accounts_begin_within_three_years_and_not_after_the_month(li, decide, start):
    with pytest.raises(RunError, match="between 2023-06 and 2026-06"):
        decide(202606, accounts_from=start)


def test_the_beginning_of_the_accounts_does_not_change(li, pay, decide):
    pay(202605)
    with pytest.raises(RunError, match="begin with 2026-05"):
        decide(202606, accounts_from=202604)


def test_months_older_than_the_books_are_open_stay_as_they_are(li, pay, lines, by, settings):
    settings.RUN_MONTHS_BACK = 2
    for month in (202601, 202602, 202603):
        pay(month)
    record_facts(by=by(), person=li, statements=[Statement("birth_date", born(92))])
    assert [(month, fen) for _, _, month, fen, _ in lines(pay(202604))] == [
        (202602, 9000),
        (202603, 9000),
        (202604, 15000),
    ]


def test_a_clerk_of_another_county_makes_no_run_here(li, divisions, runs_home, package):
    from songhe.accounts.models import Role
    from songhe.divisions.models import Division
    from tests.accounts.builders import holder

    stranger = holder(Role.COUNTY_BUREAU, Division.objects.get(pk=divisions["640302"]))
    with pytest.raises(OutOfScope):
        run_month(county=divisions["640381"], month=202606, package=package, by=stranger)


def test_another_package_decides_the_past_again_for_everybody(li, register, pay, lines, package):
    from songhe.policy.load import load_package
    from tests.entitlement.conftest import PACKAGE

    wang = register(hukou=VILLAGE, alive=True, birth_date=born(91))
    pay(202605)
    assert lines(pay(202606, package=load_package(f"{PACKAGE}-reform"))) == [
        (li.pk, "ALLOWANCE", 202605, 2000, "arrears"),
        (li.pk, "ALLOWANCE", 202606, 8000, "due"),
        (wang.pk, "ALLOWANCE", 202605, -1000, "recovery"),
        (wang.pk, "ALLOWANCE", 202606, 14000, "due"),
    ]


@pytest.mark.postgresql
def test_of_two_runs_at_once_one_wins(committing, li, county, package, runs_home):
    barrier, outcomes = Barrier(2), []

    def work() -> None:
        try:
            barrier.wait()
            outcomes.append(run_month(county=county, month=202606, package=package).state)
        except RunError as error:
            outcomes.append(error.en)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Run.objects.count() == 1
    assert sorted(outcomes)[-1] == "decided" and len(outcomes) == 2
    (run,) = Run.objects.all()
    folders = list(folder_of(run).parent.iterdir())
    assert folders == [folder_of(run)]


def test_months_count_over_the_turn_of_the_year():
    assert [shifted(202601, by) for by in (-13, -1, 0, 11, 12)] == [202412, 202512, 202601, 202612, 202701]


def test_who_lives_elsewhere_is_not_of_the_county(li, register, decide):
    register(hukou=ELSEWHERE, alive=True, birth_date=born(82))
    assert decide(202606).people == 1
