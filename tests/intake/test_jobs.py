"""Imports in the background."""

import pytest
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from songhe.accounts.scope import OutOfScope
from songhe.intake import jobs, store
from songhe.intake.models import State
from songhe.intake.queries import report_of
from songhe.registry.models import Person
from tests.intake.builders import person


@pytest.fixture(autouse=True)
def inside_a_transaction(monkeypatch):
    """A worker renews its connection between tasks; here it would lose the test's own."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


def test_a_worker_runs_what_was_queued(send):
    upload = send([person(1)])
    jobs.start(user=upload.user, upload=upload)
    assert upload.state == State.RECEIVED
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert (upload.state, upload.run_by, Person.objects.count()) == (State.DONE, upload.user, 1)


def test_a_trial_writes_nothing(send):
    upload = send([person(1)])
    jobs.start(user=upload.user, upload=upload, dry_run=True)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert (upload.state, report_of(upload).new, Person.objects.count()) == (State.CHECKED, 1, 0)


def test_one_that_was_left_by_a_dead_worker_is_taken_up(send):
    upload = send([person(1)])
    type(upload).objects.filter(pk=upload.pk).update(state=State.RUNNING, run_by=upload.user)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert upload.state == State.DONE


def test_one_that_breaks_down_says_so_and_nothing_of_the_error_is_kept(send):
    upload = send([person(1)])
    store.path_of(upload).write_bytes(b"not sealed")
    jobs.start(user=upload.user, upload=upload)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert upload.state == State.FAILED
    assert "内部错误" in report_of(upload).refused.zh
    assert DBTaskResult.objects.get().traceback == ""


def test_nobody_queues_what_is_out_of_reach(send, li, city):
    upload = send([person(1)], division_id=city.counties[1].pk)
    with pytest.raises(OutOfScope):
        jobs.start(user=li, upload=upload)
