"""The register as a file: what the list shows, for a spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, given, never_stored, telling
from songhe.console.forms import Form, TextChoiceField
from songhe.console.page import actions_held, page_of, show, staff
from songhe.console.register import filters, table
from songhe.console.register.views import columns_of
from songhe.registry.domain.exporting import SHEET_LIMIT, export
from songhe.registry.vocabulary import is_sealed

CSV, XLSX = "csv", "xlsx"
_KINDS = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Export(Form):
    kind = TextChoiceField(
        label=say("格式", "Format"),
        options=[(CSV, say("CSV（不限人数）", "CSV (any number)")), (XLSX, say("XLSX 电子表格", "XLSX sheet"))],
    )
    in_full = forms.BooleanField(label=say("证件号、电话等不加掩码", "Show numbers in full"), required=False)
    reason = forms.CharField(label=say("不加掩码的事由", "Reason for showing them"), max_length=200, required=False)


@staff(Action.PERSON_EXPORT, methods=READ_AND_WRITE)
def take_along(request: HttpRequest) -> HttpResponse:
    columns = columns_of(request)
    has_sealed = any(map(is_sealed, columns)) and Action.PERSON_REVEAL in actions_held(request)
    form = Export(given(request), initial={"kind": CSV})
    if not has_sealed:
        del form.fields["in_full"], form.fields["reason"]
    if form.is_valid():
        with telling(form):
            return _file(request, form, columns)
    titles = [table.title("name"), *map(table.title, columns)]
    context = {"form": form, "titles": titles, "limit": SHEET_LIMIT, "query": request.GET.urlencode()}
    return show(request, "register/export.html", context, status=422 if form.is_bound else 200)


def _file(request: HttpRequest, form: Form, columns: Sequence[str]) -> HttpResponse:
    asked, language = form.cleaned_data, page_of(request).language
    kind, in_full = asked["kind"], bool(asked.get("in_full"))
    rows = export(
        user=request.user,
        wanted=filters.wanted(request.GET),
        columns=table.fields(columns),
        in_full=in_full,
        reason=asked.get("reason", ""),
        limit=SHEET_LIMIT if kind == XLSX else None,
    )
    cells = table.cells(language, reveal=in_full)
    header = [table.title(column).in_language(language) for column in ("name", *columns)]
    body: Iterator[list[str]] = ([row.name or "", *cells.of(row, columns)] for row in rows)
    answer = _sheet(header, body) if kind == XLSX else StreamingHttpResponse(write_csv(body, header))
    answer.headers["Content-Type"] = _KINDS[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="register-{timezone.localdate()}.{kind}"'
    return never_stored(answer)


def _sheet(header: Sequence[str], body: Iterator[list[str]]) -> HttpResponse:
    # In memory: a file of people's data is to lie nowhere in clear.
    target = io.BytesIO()
    write_xlsx(target, header, body)
    return HttpResponse(target.getvalue())
