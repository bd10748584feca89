"""Runs and simulations asked for: what is refused, whose a job is, and what a dead worker leaves."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from songhe.accounts.models import Role
from songhe.accounts.scope import OutOfScope
from songhe.divisions.models import Division
from songhe.entitlement.applicable import packages_for
from songhe.entitlement.domain import ordering
from songhe.entitlement.errors import RunError
from songhe.entitlement.jobs import start_run
from songhe.entitlement.models import Job, Run
from songhe.entitlement.processes import is_gone, own
from tests.accounts.builders import holder
from tests.entitlement.conftest import PACKAGE, VILLAGE, born


@pytest.fixture(autouse=True)
def policies(monkeypatch):
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))


@pytest.fixture
def order(clerks, county):
    def make(**more):
        asked = {"by": clerks["chen"], "county": county, "month": 202606, "package": "small-county"}
        return ordering.order_run(**{**asked, **more})

    return make


def test_packages_are_those_that_speak_for_the_county_or_what_lies_above(divisions):
    here, beside = (
        [one.id for one in packages_for(divisions[code]) if "small" in one.id] for code in ("640381", "640302")
    )
    assert (here, beside) == (["small-county", "small-county-reform"], [])
    assert "small-county" not in [one.id for one in packages_for(divisions["640381"], 202212)]


def test_whoever_has_no_right_there_asks_for_nothing(order, divisions):
    with pytest.raises(OutOfScope):
        order(county=divisions["640302"])
    with pytest.raises(OutOfScope):
        order(by=holder(Role.TOWN_CLERK, Division.objects.get(pk=divisions["640381"]), "clerk"))
    assert not Job.objects.exists()


def test_one_at_a_time_and_the_next_when_it_has_ended(order):
    job = order()
    with pytest.raises(RunError, match="being made already"):
        order()
    ordering.fail(job, "不成。", "No.")
    assert order().state == "waiting"


def test_only_one_worker_takes_a_job_up(order):
    job = order()
    assert ordering.claim(job)
    assert not ordering.claim(Job.objects.get())


def test_a_live_process_is_left_alone_and_a_dead_one_is_not(order):
    job = order()
    ordering.claim(job)
    assert ordering.mend() == 0
    Job.objects.update(runner=own().replace("-", "-9"))
    assert ordering.mend() == 1
    job.refresh_from_db()
    assert (job.state, job.run) == ("failed", None)
    assert "left nothing" in job.problem_en


def test_one_of_another_machine_is_dead_when_it_is_silent_for_long(order):
    ordering.claim(order())
    Job.objects.update(runner="elsewhere/1-1")
    assert not is_gone("elsewhere/1-1")
    assert ordering.mend() == 0
    Job.objects.update(heartbeat=timezone.now() - ordering.STALE - dt.timedelta(seconds=1))
    assert ordering.mend() == 1


def test_a_run_that_was_stored_before_its_worker_died_is_done(order, register, decide):
    register(hukou=VILLAGE, alive=True, birth_date=born(82))
    job = order()
    ordering.claim(job)
    run = decide(202606)
    Job.objects.update(runner=own().replace("-", "-9"))
    ordering.mend()
    job.refresh_from_db()
    assert (job.state, job.run) == ("done", run)
    assert Run.objects.count() == 1


def test_one_that_was_taken_from_the_queue_and_never_begun_does_not_block_the_county(order):
    order()
    assert ordering.mend() == 0
    Job.objects.update(asked_at=timezone.now() - ordering.STALE - dt.timedelta(seconds=1))
    assert ordering.mend() == 1
    assert order().state == "waiting"


def test_one_that_waits_in_the_queue_waits_as_long_as_it_takes(clerks, county):
    start_run(by=clerks["chen"], county=county, month=202606, package="small-county")
    Job.objects.update(asked_at=timezone.now() - dt.timedelta(days=2))
    assert ordering.mend() == 0
