"""What of a report is published: what is withheld and why, proposing, approving, withdrawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show
from songhe.console.reports.forms import Reason
from songhe.console.reports.opening import of_publication, of_report
from songhe.console.reports.words import standing
from songhe.reports.content import Content
from songhe.reports.documents.files import shown_publication
from songhe.reports.domain import publishing
from songhe.reports.jobs import start_proposal
from songhe.reports.limits import Rule
from songhe.reports.models import Publication, Report
from songhe.reports.release import sheet_of


@dataclass(frozen=True)
class Withheld:
    """One withheld cell for those who decide on it: where it stands, its value, and why."""

    table: Text
    row: str | Text
    column: Text
    value: int
    is_small: bool


@of_report(Action.REPORT_PUBLISH, methods=READ_AND_WRITE)
def propose_publication(request: HttpRequest, report: Report) -> HttpResponse:
    form, back = Form(given(request)), reverse("console:report", args=[report.public_id])
    if form.is_valid():
        with telling(form):
            start_proposal(by=request.user, report=report)
            text = say("正在核算哪些数须抑制，完成后列在本页。", "What must be withheld is being worked out.")
            return done(request, text, back)
    question = Question(
        title=say("提请发布", "Propose to publish"),
        points=(
            say(
                "先在后台核算哪些数须抑制，报告大时需几分钟；结果和理由列在发布页，不合适可以退回。",
                "First it is worked out in the background what must be withheld, which takes some minutes for a large "
                "report. The page of the publication shows it and why; it can be turned down there.",
            ),
            say("须由另一人批准后才公开。", "It is public only after another person has approved it."),
        ),
        button=say("提请发布", "Propose it"),
        back=back,
    )
    return ask(request, question, form)


@of_publication(Action.REPORT_READ)
def publication_page(request: HttpRequest, publication: Publication) -> HttpResponse:
    content, rule = Content.model_validate(publication.report.content), Rule.model_validate(publication.limits)
    gone = publication.withheld
    context = {
        "one": publication,
        "report": publication.report,
        "standing": standing(publication),
        "shown": shown_publication(publication),
        "withheld": list(_withheld(content, rule, gone["small"], gone["others"])),
        "rule": rule,
        "own": request.user.pk,
    }
    return show(request, "reports/publication.html", context)


@of_publication(Action.REPORT_PUBLISH, methods=READ_AND_WRITE)
def approve_publication(request: HttpRequest, publication: Publication) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            publishing.approve(by=request.user, publication=publication)
            return done(request, say("已发布。", "It is public."), _page(publication))
    question = Question(
        title=say("批准发布", "Approve publishing"),
        points=(
            say(
                "批准前再次核验抑制的数推算不出来。", "It is proved once more that nothing withheld can be worked out."
            ),
            say("批准后任何人都可以查看、下载，并可能留存。", "Then everybody can read, download and keep it."),
        ),
        button=say("批准发布", "Publish it"),
        back=_page(publication),
    )
    return ask(request, question, form)


@of_publication(Action.REPORT_PUBLISH, methods=READ_AND_WRITE)
def withdraw_publication(request: HttpRequest, publication: Publication) -> HttpResponse:
    form = Reason(given(request))
    if form.is_valid():
        with telling(form):
            publishing.withdraw(by=request.user, publication=publication, reason=form.cleaned_data["reason"])
            return done(request, say("已撤回。", "It is withdrawn."), _page(publication))
    is_public = publication.is_public
    points = (
        say("公众页面仍列出此版，注明已撤回和事由。", "The public page still lists it, as withdrawn and why."),
        say("已被下载的无法收回。", "What was downloaded cannot be taken back."),
    )
    question = Question(
        title=say("撤回发布", "Withdraw it") if is_public else say("退回提请", "Turn the proposal down"),
        points=points if is_public else (),
        button=say("撤回", "Withdraw") if is_public else say("退回", "Turn down"),
        back=_page(publication),
    )
    return ask(request, question, form)


def _withheld(content: Content, rule: Rule, small: Any, others: Any) -> Iterator[Withheld]:
    tables = {table.id: table for section in content.sections for table in section.tables}
    mapped = sheet_of(content, rule)
    for keys, is_small in ((small, True), (others, False)):
        for key in sorted(keys):
            for spot in mapped.spots.get(key, ())[:1]:
                table = tables[spot.table]
                row, column = table.rows[spot.row], table.columns[spot.column]
                name = next(
                    (cell for cell in (*row.cells[1:2], *row.cells[:1]) if isinstance(cell, (str, Text))), row.id
                )
                yield Withheld(table.title, name, column.name, mapped.sheet.cells[key].value, is_small)


def _page(publication: Publication) -> str:
    return reverse("console:publication", args=[publication.public_id])
