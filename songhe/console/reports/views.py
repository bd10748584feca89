"""Reports: the list, making one, looking at it, and its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.page import page_of, show, staff
from songhe.console.places import names_of
from songhe.console.reports.charts import charts_of
from songhe.console.reports.forms import NewReport
from songhe.console.reports.looking import orders_of, proposal_of
from songhe.console.reports.opening import of_report
from songhe.console.reports.words import standing
from songhe.divisions.queries import tree_on
from songhe.pages.keyset import window
from songhe.reports.documents.files import DOCX, MEDIA, XLSX, file_name, report_file, shown
from songhe.reports.errors import ReportError
from songhe.reports.jobs import start
from songhe.reports.models import Report
from songhe.reports.queries import publications_for, reports_for


@staff(Action.REPORT_READ)
def report_list(request: HttpRequest) -> HttpResponse:
    page = window(reports_for(request.user), by="made_at", falling=True, cursor=request.GET.get("cursor", ""))
    orders = orders_of(request.user)
    names = names_of([one.division_id for one in [*page.rows, *orders]])
    latest = {one.report_id: one for one in publications_for(request.user).filter(report__in=page.rows).order_by("pk")}
    context = {
        "window": page,
        "rows": [
            {"one": one, "place": names.get(one.division_id, ""), "standing": standing(latest.get(one.pk))}
            for one in page.rows
        ],
        "orders": [{"one": one, "place": names.get(one.division_id, "")} for one in orders],
    }
    return show(request, "reports/list.html", context)


@staff(Action.REPORT_MAKE, methods=READ_AND_WRITE)
def new_report(request: HttpRequest) -> HttpResponse:
    within = divisions_for(request.user, Action.REPORT_MAKE)
    top = next((node for node in tree_on() if node.id in within), None)
    form = NewReport(given(request), within=within, initial={"division": top})
    if form.is_valid():
        with telling(form):
            start(by=request.user, division=form.cleaned_data["division"].id, period=form.cleaned_data["period"])
            text = say("已开始编制，完成后出现在列表中。", "It is being made, and will stand in the list.")
            return done(request, text, reverse("console:reports"))
    return show(request, "reports/new.html", {"form": form}, status=422 if form.is_bound else 200)


@of_report(Action.REPORT_READ)
def report_page(request: HttpRequest, report: Report) -> HttpResponse:
    order = proposal_of(request.user, report)
    published = list(publications_for(request.user).filter(report=report))
    same = reports_for(request.user).filter(division=report.division_id, kind=report.kind, number=report.number)
    context = {
        "report": report,
        "shown": shown(report),
        "charts": charts_of(report),
        "publications": [{"one": one, "standing": standing(one)} for one in published],
        "order": order,
        "is_free": order is None and not any(one.ended_by_id is None for one in published),
        "versions": list(same.exclude(pk=report.pk).order_by("-version")),
    }
    return show(request, "reports/report.html", context)


@of_report(Action.REPORT_READ)
def report_download(request: HttpRequest, report: Report, report_format: str) -> HttpResponse:
    """The report as a file; who took it is noted."""
    if report_format not in (DOCX, XLSX):
        raise Http404
    try:
        data = report_file(report, report_format, page_of(request).language)
    except ReportError:
        raise Http404 from None
    details = {"place": report.content["place"], "period": report.period.written, "format": report_format}
    append(
        user=request.user,
        action="report.exported",
        subject_kind="report",
        subject_id=report.pk,
        division=report.division_id,
        details=details,
    )
    answer = HttpResponse(data, content_type=MEDIA[report_format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(report, report_format)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
