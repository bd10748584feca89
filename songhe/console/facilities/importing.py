"""Estates out of a table: the template, and a file that is taken as a whole or not at all."""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.spreadsheet import write_xlsx
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done
from songhe.console.facilities.forms import Upload
from songhe.console.page import show, staff
from songhe.facilities.domain.importing import MOST, TOLD, import_estates
from songhe.facilities.facts import BOOKS, ESTATE
from songhe.facilities.sheet import NEEDED, titles

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(Action.ESTATE_WRITE, methods=READ_AND_WRITE)
def import_table(request: HttpRequest) -> HttpResponse:
    form = Upload(request.POST, request.FILES) if request.method == "POST" else Upload()
    found = None
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        found = import_estates(by=request.user, content=upload.file, file_name=upload.name)
        if not found.faults:
            text = say(
                f"已读取{found.rows}行：新登记小区{found.new}个，新记录{found.facts}条。",
                f"{found.rows} rows read: {found.new} new estates, {found.facts} new records.",
            )
            return done(request, text, reverse("console:estates"))
    columns = [(title, title in NEEDED) for title in titles()]
    kinds = (BOOKS[ESTATE].facts["kind"].value_labels or {}).values()
    context = {"form": form, "found": found, "columns": columns, "kinds": kinds, "most": MOST, "told": TOLD}
    return show(request, "facilities/import.html", context, status=422 if form.is_bound else 200)


@staff(Action.ESTATE_WRITE)
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with every column."""
    target = io.BytesIO()
    write_xlsx(target, titles(), [])
    answer = HttpResponse(target.getvalue(), content_type=_XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="estates.xlsx"'
    return answer
