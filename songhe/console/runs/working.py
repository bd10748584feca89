"""Work in the background: how far it is, and starting it again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.scope import Action, require
from songhe.common.text import say
from songhe.console.acting import done, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.console.runs.finding import job_of, title_of
from songhe.console.runs.words import JOBS, RUN_STEPS, SIMULATION_STEPS, STEPS
from songhe.entitlement.domain.ordering import MOVING, mend
from songhe.entitlement.jobs import start_again
from songhe.entitlement.models import Job
from songhe.entitlement.months import shown


@staff(Action.RUN_READ)
def run_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The page looks again by itself until the run is there, then leads to it."""
    job = looked_after(request, job_id, Job.Kind.RUN)
    if job.run is not None:
        address = reverse("console:run", args=[job.run.public_id])
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": address})
        return done(request, say("核定已完成。", "The month is decided."), address)
    return progress_page(request, job)


def progress_page(request: HttpRequest, job: Job, form: Form | None = None) -> HttpResponse:
    steps = RUN_STEPS if job.kind == Job.Kind.RUN else SIMULATION_STEPS
    context = {
        "job": job,
        "form": form,
        "place": names_of([job.county_id]).get(job.county_id, ""),
        "month": shown(job.month),
        "title": title_of(job.package),
        "other": title_of(job.other) if job.other else None,
        "state": JOBS[job.state],
        "step": STEPS.get(job.step, STEPS[""]),
        "number": job.part * len(steps) + _number(job.step, steps),
        "steps": job.parts * len(steps),
        "part": job.part + 1 if job.parts > 1 else None,
        "is_moving": job.state in MOVING,
        "is_simulation": job.kind == Job.Kind.SIMULATION,
        "problem": say(job.problem_zh, job.problem_en) if job.problem_zh else None,
    }
    return show(request, "runs/job.html", context, status=422 if form is not None else 200)


def _number(step: str, steps: Sequence[str]) -> int:
    return steps.index(step) if step in steps else 0


def looked_after(request: HttpRequest, job_id: UUID, kind: str) -> Job:
    """The job as it stands, and ended when whoever was at it is dead. Raises Http404 out of reach."""
    job = job_of(request, job_id, kind)
    if job.state in MOVING and mend():
        job = job_of(request, job_id, kind)
    return job


@staff(Action.RUN_MAKE, methods=("POST",))
def again(request: HttpRequest, kind: str, job_id: UUID) -> HttpResponse:
    """The same once more; what forbids it is said on the page of the old one."""
    job, form = job_of(request, job_id, kind), Form({})
    require(request.user, Action.RUN_MAKE, job)
    with telling(form):
        new = start_again(by=request.user, job=job)
        name = "console:run-job" if new.kind == Job.Kind.RUN else "console:simulation"
        return HttpResponseRedirect(reverse(name, args=[new.public_id]))
    return progress_page(request, job, form)
