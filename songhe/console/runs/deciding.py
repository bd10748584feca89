"""What is done with a run: answered for in writing, accepted, withdrawn, what it found offered."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.scope import Action
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import staff
from songhe.console.runs.figures import findings_of
from songhe.console.runs.finding import item_name, package_of, page_of, run_of
from songhe.console.runs.forms import Reason, Words
from songhe.console.runs.words import DELIVERIES
from songhe.entitlement import differing
from songhe.entitlement.domain.accepting import accept, answer, withdraw
from songhe.entitlement.domain.offering import offer_found
from songhe.entitlement.inviting import to_be_asked
from songhe.entitlement.models import Run
from songhe.entitlement.months import shown


@staff(Action.RUN_ANSWER, methods=READ_AND_WRITE)
def answer_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, form = run_of(request, run_id, Action.RUN_ANSWER), Words(given(request))
    if form.is_valid():
        with telling(form):
            answer(run=run, by=request.user, text=form.cleaned_data["text"])
            return done(request, say("已说明，可以采用。", "Answered for; it can be accepted."), page_of(run))
    question = Question(
        title=say(f"对{shown(run.month)}核定的异动作书面说明", f"Answer for what stopped {shown(run.month)}"),
        points=list(findings_of(run, package_of(run))),
        button=say("提交说明", "Hand it in"),
        back=page_of(run),
        is_harmful=False,
    )
    return ask(request, question, form)


@staff(Action.RUN_ACCEPT, methods=READ_AND_WRITE)
def accept_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, form = run_of(request, run_id, Action.RUN_ACCEPT), Form(given(request))
    if form.is_valid():
        with telling(form):
            accept(run=run, by=request.user)
            text = say(f"已采用，记账{run.line_count:,}笔。", f"Accepted: {run.line_count:,} lines stand.")
            return done(request, text, page_of(run))
    question = Question(
        title=say(f"采用{shown(run.month)}核定", f"Accept the run of {shown(run.month)}"),
        points=[*_becoming(run), *_after(run)],
        button=say("采用", "Accept"),
        back=page_of(run),
        is_harmful=False,
    )
    return ask(request, question, form)


_KINDS = (
    ("due", "当月应发", "due for the month"),
    ("arrears", "补发以前月份", "arrears of past months"),
    ("recovery", "追回以前月份", "recoveries of past months"),
)


def _becoming(run: Run) -> list[Text]:
    """What becomes lines, kind by kind."""
    wanted = differing.Wanted(kinds=[kind for kind, _, _ in _KINDS])
    parts = {part.kind: part for part in differing.parts(run, wanted)}
    return [
        say(
            f"{zh}：{parts[kind].people:,}人，{parts[kind].lines:,}笔，{format_yuan(parts[kind].fen)}。",
            f"{en.capitalize()}: {parts[kind].people:,} people, {parts[kind].lines:,} lines, "
            f"{format_yuan(parts[kind].fen)}.",
        )
        for kind, zh, en in _KINDS
        if kind in parts
    ] or [say("没有账目。", "There are no lines.")]


def _after(run: Run) -> list[Text]:
    told = [
        say(
            "采用后账目不再更改；以后发现的差错，由下一次核定补发或追回。",
            "Lines are never changed afterwards; what is found later comes as arrears or recoveries of the next run.",
        )
    ]
    if run.overlap_count:
        told.append(
            say(
                f"另有{run.overlap_count:,}笔因他县已发而暂缓，不记账。",
                f"{run.overlap_count:,} more are held back because another county paid them.",
            )
        )
    return told


@staff(Action.RUN_MAKE, methods=READ_AND_WRITE)
def withdraw_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, form = run_of(request, run_id, Action.RUN_MAKE), Reason(given(request))
    if form.is_valid():
        with telling(form):
            withdraw(run=run, by=request.user, reason=form.cleaned_data["reason"])
            return done(request, say("已撤销，可以重新核定。", "Withdrawn; run it again."), page_of(run))
    question = Question(
        title=say(f"撤销{shown(run.month)}核定", f"Withdraw the run of {shown(run.month)}"),
        points=(
            say("此次核定的账目都不生效；过程和文件保留，可以查看。", "None of its lines ever stands; it can be read."),
            say("撤销后可以重新发起本月核定。", "The month can be run again afterwards."),
        ),
        button=say("撤销", "Withdraw"),
        back=page_of(run),
    )
    return ask(request, question, form)


@staff(Action.RUN_ACCEPT, methods=READ_AND_WRITE)
def offer(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, form = run_of(request, run_id, Action.RUN_ACCEPT), Form(given(request))
    package, back = package_of(run), f"{reverse('console:found')}?kind=new"
    if form.is_valid():
        with telling(form):
            opened = sum(one.opened for one in offer_found(run=run, package=package, by=request.user).values())
            return done(request, say(f"已开办件{opened:,}件。", f"{opened:,} cases were opened."), back)
    deliveries = {item["id"]: item["delivery"] for item in run.items}
    points = [
        say(
            f"{item_name(package, item).zh}：{len(people):,}人，{DELIVERIES[deliveries[item]].zh}",
            f"{item_name(package, item).en}: {len(people):,} people, {DELIVERIES[deliveries[item]].en}",
        )
        for item, people in to_be_asked(run, package).items()
    ] or [say("该问的都已问过，不会再开办件。", "Everybody was asked already: no case will be opened.")]
    question = Question(
        title=say(f"为{shown(run.month)}新符合的人开办件", f"Open cases for whom {shown(run.month)} found"),
        points=[
            *points,
            say(
                "已有同项办件的人不再重复；须本人申请的项目只列出，不开办件。",
                "Who ever had a case about the item gets no second one; what must be applied for is listed only.",
            ),
        ],
        button=say("开办件", "Open the cases"),
        back=back,
        is_harmful=False,
    )
    return ask(request, question, form)
