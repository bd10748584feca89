"""The runs of the counties within reach, and starting one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.scope import Action, visible
from songhe.console.acting import READ_AND_WRITE, given, telling
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of
from songhe.console.runs.finding import counties_of, options
from songhe.console.runs.forms import NewRun
from songhe.console.runs.words import JOBS, STATES
from songhe.divisions.queries import Node
from songhe.entitlement.domain.ordering import MOVING, mend
from songhe.entitlement.jobs import start_run
from songhe.entitlement.models import OPEN, Job, Run
from songhe.entitlement.months import shifted, shown
from songhe.entitlement.queries import last_accepted
from songhe.pages.keyset import window

_LATEST = 5
_A_DAY = dt.timedelta(days=1)


@staff(Action.RUN_READ)
def run_list(request: HttpRequest) -> HttpResponse:
    """Newest first; what is being worked on, or failed since, stands above."""
    runs = visible(Run.objects.select_related("made_by"), request.user, Action.RUN_READ)
    counties = counties_of(request.user, Action.RUN_READ)
    chosen = _chosen(request, counties)
    if chosen is not None:
        runs = runs.filter(county=chosen.id)
    page = window(runs, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    jobs = _jobs(request)
    names = names_of([*(run.county_id for run in page.rows), *(job.county_id for job in jobs)])
    context = {
        "window": page,
        "rows": [
            {"run": run, "month": shown(run.month), "state": STATES[run.state], "place": names.get(run.county_id, "")}
            for run in page.rows
        ],
        "jobs": [
            {"job": job, "month": shown(job.month), "state": JOBS[job.state], "place": names.get(job.county_id, "")}
            for job in jobs
        ],
        "counties": counties if len(counties) > 1 else [],
        "chosen": chosen,
        "may_make": Action.RUN_MAKE in actions_held(request),
    }
    return show(request, "runs/list.html", context)


def _jobs(request: HttpRequest) -> list[Job]:
    every = visible(Job.objects.select_related("by"), request.user, Action.RUN_READ).filter(kind=Job.Kind.RUN)
    moving = every.filter(state__in=MOVING).order_by("-pk")
    found = list(moving)
    if found and mend():
        found = list(moving.all())
    failed = every.filter(state=Job.State.FAILED, ended_at__gte=timezone.now() - _A_DAY)
    return [*found, *failed.order_by("-pk")[:_LATEST]]


def _chosen(request: HttpRequest, counties: list[Node]) -> Node | None:
    text = request.GET.get("county", "")
    return next((node for node in counties if str(node.id) == text), None)


@staff(Action.RUN_MAKE, methods=READ_AND_WRITE)
def new_run(request: HttpRequest) -> HttpResponse:
    """The county first where there are several; then the month and the package."""
    counties = counties_of(request.user, Action.RUN_MAKE)
    county = _chosen(request, counties) or (counties[0] if len(counties) == 1 else None)
    if county is None:
        return show(request, "runs/county.html", {"counties": counties, "address": "console:run-new"})
    base = last_accepted(county.id)
    packages = options(county.id)
    form = NewRun(given(request), packages=packages, is_first=base is None, initial=_proposed(base))
    if form.is_valid():
        with telling(form):
            job = start_run(by=request.user, county=county.id, **form.cleaned_data)
            return HttpResponseRedirect(reverse("console:run-job", args=[job.public_id]))
    context = {
        "form": form,
        "county": county,
        "base": base,
        "base_month": shown(base.month) if base else "",
        "open": Run.objects.filter(county=county.id, state__in=OPEN).first(),
        "has_packages": bool(packages),
    }
    return show(request, "runs/new.html", context, status=422 if form.is_bound else 200)


def _proposed(base: Run | None) -> dict[str, Any]:
    """The month after the last accepted one by the same package; else the month of today."""
    if base is not None:
        return {"month": shifted(base.month, 1), "package": base.package}
    today = timezone.localdate()
    return {"month": today.year * 100 + today.month}
