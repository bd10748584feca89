"""Views of one row at one place, and of one report: out of sight they are not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.common.days import DayProblem, read_day
from songhe.console.acting import READ_AND_WRITE
from songhe.console.page import staff
from songhe.console.plan.forms import NOW
from songhe.plan.models import Report
from songhe.plan.queries import Row, row
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package

View = Callable[..., HttpResponse]


def of_row(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    """A view of one row, which gets it as `one`: as of `?as_of=`, today without it."""

    def decorate(view: View) -> View:
        @staff(*actions, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, package_id: str, task_id: str, plan_place: int, **more: Any) -> HttpResponse:
            day = day_of(request)
            package = package_or_404(package_id)
            task = package.tasks.get(task_id)
            known = clock.now() if request.GET.get("known") == NOW else None
            one = row(request.user, package, task, plan_place, day, known=known) if task else None
            if one is None:
                raise Http404
            return view(request, one, **more)

        return opened

    return decorate


def of_report(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    """A view of one report whose row the user sees; it gets both."""

    def decorate(view: View) -> View:
        @staff(*actions, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, plan_report: UUID, **more: Any) -> HttpResponse:
            seen = visible(Report.objects.select_related("reported_by"), request.user, Action.PLAN_READ)
            report = get_object_or_404(seen, public_id=plan_report)
            return view(request, report, row_of(request, report), **more)

        return opened

    return decorate


def row_of(request: HttpRequest, report: Report) -> Row:
    """The row of a report as of today, or as of its day where its place is gone. Raises Http404."""
    package = package_or_404(report.package)
    task = package.tasks.get(report.task)
    if task is not None:
        for day in (clock.today(), report.told_for):
            if (one := row(request.user, package, task, report.division_id, day)) is not None:
                return one
    raise Http404


def package_or_404(name: str) -> Package:
    try:
        return load_package(name)
    except (UnknownPackage, PackageError):
        raise Http404 from None


def day_of(request: HttpRequest) -> dt.date:
    try:
        return read_day(request.GET["as_of"]) if request.GET.get("as_of") else clock.today()
    except DayProblem:
        return clock.today()


def page_of(one: Row) -> str:
    return reverse("console:task", args=[one.package.id, one.task.id, one.node.id])
