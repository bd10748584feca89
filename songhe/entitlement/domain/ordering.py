"""Asking for a run or a simulation that is worked on in the background, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, require_division
from songhe.entitlement.applicable import elsewhere, packages_for
from songhe.entitlement.domain.running import refuse_open
from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Job, Run
from songhe.entitlement.months import shown
from songhe.entitlement.processes import left_behind, own
from songhe.entitlement.queries import last_accepted
from songhe.entitlement.simulating import Asking, check_asking
from songhe.entitlement.span import span_of
from songhe.policy.load import load_package

# Nobody has been heard of for so long: dead, wherever it ran. No step of a million people takes that long.
STALE = dt.timedelta(minutes=15)
MOVING = (Job.State.WAITING, Job.State.RUNNING)
_TASK = "songhe.entitlement.jobs.work_on"
KEPT, REMEMBERED = dt.timedelta(days=1), dt.timedelta(days=30)
_BROKEN = (
    "处理程序中断，没有留下任何结果，请重新开始。",
    "The worker broke off and left nothing: start again.",
)
_INTERNAL = (
    "处理中出现内部错误，没有留下任何结果；再次开始仍不成功，请联系技术人员。",
    "An internal error; nothing was left. Tell the technicians when it fails again.",
)


def order_run(*, by: User, county: int, month: int, package: str, accounts_from: int | None = None) -> Job:
    """A run to be made; what would refuse it at once is said now. One at a time in a county.

    Raises RunError as `run_month` does, and for a package that does not apply; OutOfScope without the right.
    """
    require_division(by, Action.RUN_MAKE, county)
    mend()
    refuse_open(county)
    base = last_accepted(county)
    span_of(month, base, accounts_from)
    _check(package, county, month)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=Job.Kind.RUN, county_id=county, month=month, package=package, accounts_from=accounts_from, by=by
            )
            _tell(job, "run.ordered", {"package": package})
    except IntegrityError:
        raise RunError("本县已有一次核定正在进行。", "A run of this county is being made already.") from None
    return job


def order_simulation(
    *, by: User, county: int, month: int, package: str, other: str, months: int = 36, asking: Asking = "everybody"
) -> Job:
    """Another package, which may be another city's document, to be tried out on the people of a county, or of every
    county of a city, as by `simulate_counties`. Raises RunError and OutOfScope.
    """
    require_division(by, Action.RUN_MAKE, county)
    if not 1 <= months <= 60:
        raise RunError("模拟期须为1至60个月。", "A simulation takes 1 to 60 months.")
    _check(package, county, None)
    if other not in {one.id for one in elsewhere(county)}:
        _check(other, county, None)
    check_asking(load_package(package), load_package(other), asking)
    with transaction.atomic():
        job = Job.objects.create(
            kind=Job.Kind.SIMULATION,
            county_id=county,
            month=month,
            package=package,
            other=other,
            months=months,
            asking=asking,
            by=by,
        )
        _tell(job, "run.simulated", {"package": package, "other": other, "count": months})
    return job


def order_again(*, by: User, job: Job) -> Job:
    """The same once more, for whoever asks now."""
    if job.state in MOVING:
        raise RunError("任务还在进行。", "It is still being worked on.")
    asked: dict[str, Any] = {"by": by, "county": job.county_id, "month": job.month, "package": job.package}
    if job.kind == Job.Kind.RUN:
        return order_run(**asked, accounts_from=job.accounts_from)
    return order_simulation(**asked, other=job.other, months=job.months, asking=asking_of(job))


def asking_of(job: Job) -> Asking:
    return "holders" if job.asking == "holders" else "everybody"


def claim(job: Job) -> bool:
    """Whether it is this process's to do; it is nobody else's from then on."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    taken = waiting.update(state=Job.State.RUNNING, runner=own(), heartbeat=timezone.now())
    job.refresh_from_db()
    return bool(taken)


def note_step(job: Job, step: str, part: int = 0, parts: int = 1) -> None:
    """The step begun now; of several counties, after the first `part` of them."""
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    running.update(step=step, part=part, parts=parts, heartbeat=timezone.now())


def end(job: Job, *, run: Run | None = None, result: dict[str, Any] | None = None) -> None:
    _end(job, state=Job.State.DONE, run=run, result=result)


def fail(job: Job, zh: str, en: str) -> None:
    _end(job, state=Job.State.FAILED, problem_zh=zh, problem_en=en)


def fail_inside(job: Job) -> None:
    """By an error of ours, of which nothing is kept: its text could hold a person's data."""
    fail(job, *_INTERNAL)


def mend() -> int:
    """Ends what a dead process was at; a run that was stored before it died is done. The number of them."""
    dead = left_behind(Job.objects.all(), task=_TASK, stale=STALE)
    for job in dead:
        made = _made_by(job)
        end(job, run=made) if made else fail(job, *_BROKEN)
    return len(dead)


def expire(*, now: dt.datetime) -> int:
    """Takes away the figures of simulations after a day, and the jobs themselves after a month."""
    over = Job.objects.filter(kind=Job.Kind.SIMULATION, ended_at__lt=now - KEPT, result__isnull=False)
    number = over.update(result=None)
    ended = Q(state__in=(Job.State.DONE, Job.State.FAILED), ended_at__lt=now - REMEMBERED)
    Job.objects.filter(ended).delete()
    return number


def _check(package: str, county: int, month: int | None) -> None:
    if package not in {one.id for one in packages_for(county, month)}:
        raise RunError(
            f"政策包 {package} 不适用于此地或此月。", f"The package {package} does not apply to the place or the month."
        )


def _made_by(job: Job) -> Run | None:
    if job.kind != Job.Kind.RUN:
        return None
    made = Run.objects.filter(county=job.county_id, month=job.month, made_by=job.by_id, made_at__gte=job.asked_at)
    return made.order_by("-pk").first()


def _end(job: Job, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**values, ended_at=timezone.now(), runner="", step="")
    job.refresh_from_db()


def _tell(job: Job, action: str, details: dict[str, object]) -> None:
    append(
        user=job.by,
        action=action,
        subject_kind="run",
        subject_id=str(job.public_id),
        division=job.county_id,
        details={"month": shown(job.month), **details},
    )
