"""Telling of a row, and settling what was told: forms that lead back to the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.accounts.scope import OutOfScope, visible
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.acting import Question, ask, done, given, never_stored, telling
from songhe.console.page import show, staff
from songhe.console.plan.forms import Explained, NewEvidence, NewReport
from songhe.console.plan.opening import of_report, of_row, page_of, row_of
from songhe.divisions.queries import tree_on
from songhe.plan.domain import reporting, settling
from songhe.plan.errors import PlanError
from songhe.plan.evidence import opened
from songhe.plan.models import Evidence, Report
from songhe.plan.packages import city_of
from songhe.plan.queries import Row
from songhe.plan.rules import voices


@of_row(Action.PLAN_REPORT)
def new_report(request: HttpRequest, one: Row) -> HttpResponse:
    city = city_of(one.package, tree_on())
    speaking = voices(request.user, one.undertaking, city) if city else []
    if not speaking:
        raise OutOfScope("您不能填报此任务： You do not speak for a unit of this task.")
    form = NewReport(
        given(request),
        request.FILES or None,
        package=one.package,
        task=one.task,
        voices=speaking,
        initial={"told_for": clock.today(), "unit": speaking[0].unit or "whole"},
    )
    if form.is_valid():
        with telling(form):
            _tell(request, one, form)
            return done(request, say("已填报。", "It is reported."), page_of(one))
    context = {"form": form, "one": one, "place": tree_on().full_name(one.node.id)}
    return show(request, "plan/report.html", context, status=422 if form.is_bound else 200)


def _tell(request: HttpRequest, one: Row, form: NewReport) -> None:
    """The report and its file, both or neither."""
    with transaction.atomic():
        made = reporting.report(
            by=request.user, package=one.package, task_id=one.task.id, division_id=one.node.id, **form.told
        )
        if file := form.cleaned_data["file"]:
            reporting.attach(by=request.user, report=made, file_name=file.name, content=file.file)


@of_report(Action.PLAN_REPORT)
def new_evidence(request: HttpRequest, report: Report, one: Row) -> HttpResponse:
    if report.reported_by_id != request.user.pk:
        raise Http404
    form = NewEvidence(given(request), request.FILES or None)
    if form.is_valid():
        with telling(form):
            file = form.cleaned_data["file"]
            reporting.attach(by=request.user, report=report, file_name=file.name, content=file.file)
            return done(request, say("已补充。", "It is added."), page_of(one))
    context = {"form": form, "one": one, "place": tree_on().full_name(one.node.id), "report": report}
    return show(request, "plan/report.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Step:
    """One way to settle a report: what is asked, what it does, what is said afterwards."""

    title: Text
    point: Text
    button: Text
    said: Text
    do: Callable[..., Any]
    reason: bool | None
    is_harmful: bool = False


_STEPS: Mapping[str, Step] = {
    "hand-up": Step(
        say("上报", "Hand up"),
        say(
            "进展送上一级确认；上报后由别人确认或退回。", "The level above confirms or returns it; somebody else does."
        ),
        say("上报", "Hand up"),
        say("已上报。", "It is handed up."),
        settling.hand_up,
        None,
    ),
    "confirm": Step(
        say("确认", "Confirm"),
        say("所填的完成情况从现在起算数。", "What it says is done counts from now on."),
        say("确认", "Confirm"),
        say("已确认。", "It is confirmed."),
        settling.confirm,
        False,
    ),
    "return": Step(
        say("退回", "Return"),
        say("这次填报不算数，由填报人另行填报。", "The report counts for nothing; who made it makes another."),
        say("退回", "Return it"),
        say("已退回。", "It is returned."),
        settling.send_back,
        True,
        is_harmful=True,
    ),
    "undo": Step(
        say("撤销确认", "Undo the confirmation"),
        say("所填的完成情况不再算数；记录仍然保留。", "What it says is done counts no more; the records stay."),
        say("撤销确认", "Undo it"),
        say("已撤销。", "It is undone."),
        settling.undo,
        True,
        is_harmful=True,
    ),
}


@of_report(Action.PLAN_REPORT, Action.PLAN_CONFIRM)
def settle(request: HttpRequest, report: Report, one: Row, plan_act: str) -> HttpResponse:
    if plan_act not in _STEPS:
        raise Http404
    step = _STEPS[plan_act]
    form = Explained(given(request), is_needed=bool(step.reason))
    if step.reason is None:
        del form.fields["reason"]
    if form.is_valid():
        with telling(form):
            step.do(by=request.user, report=report, **form.cleaned_data)
            return done(request, step.said, page_of(one))
    task = one.task
    question = Question(
        title=say(f"{step.title.zh}：{task.name.zh}", f"{step.title.en}: {task.name.en}"),
        points=(
            say(f"{task.id} {tree_on().full_name(one.node.id)}", f"{task.id} {tree_on().full_name(one.node.id)}"),
            say(f"填报内容：{report.text}", f"It says: {report.text}"),
            step.point,
        ),
        button=step.button,
        back=page_of(one),
        is_harmful=step.is_harmful,
    )
    return ask(request, question, form)


@staff(Action.PLAN_READ)
def evidence_file(request: HttpRequest, plan_evidence: str) -> HttpResponse:
    """The file as it was sent, for who sees the row."""
    seen = visible(Evidence.objects.select_related("report"), request.user, Action.PLAN_READ)
    found = get_object_or_404(seen, public_id=plan_evidence)
    row_of(request, found.report)
    try:
        content = opened(found)
    except PlanError:
        raise Http404 from None
    reporting.tell(request.user, "plan.evidence_read", found.report, {"file": found.file_name})
    answer = FileResponse(content, as_attachment=True, filename=found.file_name)
    answer.headers["Content-Type"] = "application/octet-stream"
    return never_stored(answer)
