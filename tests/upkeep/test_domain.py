"""The day's upkeep: every job once a day, whoever asks, and none because another failed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from songhe.common.text import say
from songhe.upkeep.clock import is_time
from songhe.upkeep.domain import AGAIN, GIVEN_UP, run_due
from songhe.upkeep.jobs import JOBS, Job
from songhe.upkeep.models import Work
from tests.divisions.builders import small_city

pytestmark = pytest.mark.django_db


class Counting:
    """A job that counts how often it ran."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.times = 0
        self.error = error
        self.job = Job(name, say("任务", "job"), self.run)

    def run(self) -> str:
        self.times += 1
        if self.error:
            raise self.error
        return "well"


def test_a_job_is_done_once_a_day() -> None:
    one = Counting("one")
    assert [work.state for work in run_due(jobs=[one.job])] == ["done"]
    assert run_due(jobs=[one.job]) == []
    run_due(jobs=[one.job], day=timezone.localdate() + dt.timedelta(days=1))
    assert one.times == 2


def test_asked_for_anew_it_is_done_again() -> None:
    one = Counting("one")
    run_due(jobs=[one.job])
    run_due(jobs=[one.job], anew=True)
    assert (one.times, Work.objects.count()) == (2, 1)


def test_a_failure_keeps_no_other_job_from_running_and_is_tried_again_later() -> None:
    bad, good = Counting("bad", ValueError("640381194402290019")), Counting("good")
    run_due(jobs=[bad.job, good.job])
    failed = Work.objects.get(job="bad")
    assert (failed.state, failed.note, good.times) == ("failed", "ValueError", 1)
    assert run_due(jobs=[bad.job]) == []
    Work.objects.filter(pk=failed.pk).update(began_at=timezone.now() - AGAIN)
    bad.error = None
    assert [work.state for work in run_due(jobs=[bad.job])] == ["done"]


def test_what_somebody_is_at_is_left_alone_until_it_must_have_been_killed() -> None:
    one = Counting("one")
    at = timezone.now()
    Work.objects.create(job="one", day=timezone.localdate(), state="running", began_at=at)
    assert run_due(jobs=[one.job], anew=True) == []
    Work.objects.update(began_at=at - GIVEN_UP)
    assert len(run_due(jobs=[one.job])) == 1


def test_the_real_jobs_run_on_an_empty_city() -> None:
    small_city()
    done = run_due()
    assert [(work.job, work.state) for work in done] == [(job.name, "done") for job in JOBS]


def test_the_clock_waits_for_the_small_hours() -> None:
    midnight = timezone.make_aware(dt.datetime(2026, 11, 22, 0, 30))
    assert not is_time(midnight)
    assert is_time(midnight + dt.timedelta(hours=2))
