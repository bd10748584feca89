"""Doing each job once a day, whoever asks: the server's clock, a timer of the operator, or a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction

from songhe.common import clock
from songhe.upkeep.jobs import JOBS, Job
from songhe.upkeep.models import Work

# A job that has run for so long was killed; one that failed is tried again after a while.
GIVEN_UP, AGAIN = dt.timedelta(hours=6), dt.timedelta(hours=1)

Report = Callable[[Job, Work], None]


def run_due(
    *, jobs: Iterable[Job] = JOBS, report: Report | None = None, anew: bool = False, day: dt.date | None = None
) -> list[Work]:
    """Do what was not done today yet; `anew` does all of it once more. A job that fails keeps no other from running.

    Returns the jobs done now, in order; `report` is told of each as it ends.
    """
    done = []
    for job in jobs:
        work = _claim(job, day or clock.today(), anew)
        if work is None:
            continue
        _run(job, work)
        done.append(work)
        if report:
            report(job, work)
    return done


def _claim(job: Job, day: dt.date, anew: bool) -> Work | None:
    """The row of a job that is ours to do; None when it was done, or somebody is at it."""
    now = clock.now()
    fresh = {"state": Work.State.RUNNING, "began_at": now, "ended_at": None, "note": ""}
    try:
        with transaction.atomic():
            return Work.objects.create(job=job.name, day=day, **fresh)
    except IntegrityError:
        pass
    states = {Work.State.RUNNING: GIVEN_UP, Work.State.FAILED: dt.timedelta() if anew else AGAIN}
    if anew:
        states[Work.State.DONE] = dt.timedelta()
    for state, age in states.items():
        if Work.objects.filter(job=job.name, day=day, state=state, began_at__lte=now - age).update(**fresh):
            return Work.objects.get(job=job.name, day=day)
    return None


def _run(job: Job, work: Work) -> None:
    try:
        work.note, work.state = job.run()[:200], Work.State.DONE
    except Exception as error:
        # The kind alone: a message may hold somebody's fact. Whatever it was, the other jobs still run.
        work.note, work.state = _kind(error), Work.State.FAILED
    work.ended_at = clock.now()
    work.save()


def _kind(error: Exception) -> str:
    return str(error)[:200] if type(error) is RuntimeError else type(error).__name__
