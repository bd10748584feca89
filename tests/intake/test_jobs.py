"""Imports in the background."""

import datetime as dt

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone
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


def left(upload, *, minutes=6, dry_run=False, **changes):
    """As after a worker that took the import up and was killed so many minutes ago."""
    long_ago = timezone.now() - dt.timedelta(minutes=minutes)
    jobs.start(user=upload.user, upload=upload, dry_run=dry_run)
    DBTaskResult.objects.update(status="RUNNING", enqueued_at=long_ago, started_at=long_ago, worker_ids=["dead"])
    type(upload).objects.filter(pk=upload.pk).update(**{"state": State.RUNNING, "heartbeat": long_ago, **changes})


def test_a_trial_whose_worker_died_stays_a_trial(send):
    upload = send([person(1)])
    left(upload, dry_run=True)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert (upload.state, Person.objects.count()) == (State.CHECKED, 0)


@pytest.mark.parametrize(("dry_run", "state", "people"), [(False, State.DONE, 1), (True, State.CHECKED, 0)])
def test_one_that_was_taken_from_the_queue_and_never_begun_is_queued_again(send, dry_run, state, people):
    upload = send([person(1)])
    left(upload, dry_run=dry_run, state=State.RECEIVED, heartbeat=None)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert (upload.state, Person.objects.count()) == (state, people)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_one_that_another_worker_is_at_is_left_to_it(send):
    upload = send([person(1)])
    left(upload, heartbeat=timezone.now())
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert (upload.state, list(DBTaskResult.objects.values_list("status", flat=True))) == (State.RUNNING, ["RUNNING"])


def test_one_that_cannot_be_gone_on_with_says_so_and_is_not_queued_for_ever(send, li, city):
    upload = send([person(1)], division_id=city.counties[1].pk)
    type(upload).objects.filter(pk=upload.pk).update(state=State.RUNNING, run_by=li)
    for _ in range(3):
        jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert upload.state == State.FAILED
    assert DBTaskResult.objects.count() == 1


def test_a_worker_goes_on_by_itself_with_what_a_dead_one_left(send, monkeypatch):
    """It need not be started again: an import can become stalled hours after the worker has come up."""
    upload = send([person(1)])
    looks = iter([lambda: left(upload), lambda: (_ for _ in ()).throw(KeyboardInterrupt)])
    monkeypatch.setattr(jobs.time, "sleep", lambda seconds: next(looks)())
    with pytest.raises(KeyboardInterrupt):
        jobs.work()
    upload.refresh_from_db()
    assert upload.state == State.DONE


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, OSError])
def test_a_worker_outlives_a_database_that_is_away(send, monkeypatch, error):
    upload = send([person(1)])
    jobs.start(user=upload.user, upload=upload)
    away = iter([error("gone")])
    there = jobs.resume_stalled

    def look():
        if (gone := next(away, None)) is not None:
            raise gone
        return there()

    waits = iter([None, None])

    def sleep(seconds):
        if next(waits, "over") == "over":
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "resume_stalled", look)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    monkeypatch.setattr(jobs.time, "sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        jobs.work()
    upload.refresh_from_db()
    assert upload.state == State.DONE


def test_an_import_that_lost_the_database_is_left_to_be_gone_on_with(send, monkeypatch):
    upload = send([person(1)])

    def gone(**_):
        type(upload).objects.filter(pk=upload.pk).update(state=State.RUNNING, heartbeat=None, run_by=upload.user)
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(jobs, "run", gone)
    monkeypatch.setattr(jobs.connection, "close", lambda: None)
    jobs.work_on.func(upload.pk, upload.user.pk, False)
    upload.refresh_from_db()
    assert upload.state == State.RUNNING
    monkeypatch.undo()
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    jobs.work(until_empty=True)
    upload.refresh_from_db()
    assert upload.state == State.DONE
