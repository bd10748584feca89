"""Runs and simulations in the background: put in the queue by a page, taken from it by the worker of imports."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django_tasks import task

from songhe.accounts.scope import OutOfScope
from songhe.entitlement.counties import simulate_counties
from songhe.entitlement.domain import ordering
from songhe.entitlement.domain.running import run_month
from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Job
from songhe.policy.load import load_package
from songhe.registry.snapshot import SnapshotError

_log = logging.getLogger("django.songhe.entitlement")


@transaction.atomic
def start_run(**asked: Any) -> Job:
    """As `songhe.entitlement.domain.ordering.order_run`, and into the queue."""
    return _queued(ordering.order_run(**asked))


@transaction.atomic
def start_simulation(**asked: Any) -> Job:
    """As `songhe.entitlement.domain.ordering.order_simulation`, and into the queue."""
    return _queued(ordering.order_simulation(**asked))


@transaction.atomic
def start_again(**asked: Any) -> Job:
    """As `songhe.entitlement.domain.ordering.order_again`, and into the queue."""
    return _queued(ordering.order_again(**asked))


def _queued(job: Job) -> Job:
    work_on.enqueue(job.pk)
    return job


@task()
def work_on(job_id: int) -> None:
    """What the worker does; doing it twice does nothing."""
    job = Job.objects.select_related("by").get(pk=job_id)
    if not ordering.claim(job):
        return
    try:
        (_run if job.kind == Job.Kind.RUN else _simulate)(job)
    except (RunError, SnapshotError) as error:
        ordering.fail(job, *_said(error))
    except OutOfScope:
        ordering.fail(job, "您已没有这项权限。", "You may not do this any more.")
    except Exception as error:
        _log.error("job %s broke down: %s", job.public_id, type(error).__name__)
        ordering.fail_inside(job)


def _run(job: Job) -> None:
    run = run_month(
        county=job.county_id,
        month=job.month,
        package=load_package(job.package),
        by=job.by,
        accounts_from=job.accounts_from,
        report=lambda step: ordering.note_step(job, step),
    )
    ordering.end(job, run=run)


def _simulate(job: Job) -> None:
    found = simulate_counties(
        division=job.county_id,
        month=job.month,
        now=load_package(job.package),
        then=load_package(job.other),
        months=job.months,
        asking=ordering.asking_of(job),
        report=lambda step, part, parts: ordering.note_step(job, step, part, parts),
    )
    ordering.end(job, result=asdict(found))


def _said(error: RunError | SnapshotError) -> tuple[str, str]:
    if isinstance(error, RunError):
        return error.zh, error.en
    zh, _, en = str(error).partition("： ")
    return f"{zh}。", en or str(error)
