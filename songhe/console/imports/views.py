"""The import desk: what came in, and where each file stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.console.imports.standing import counts_of, standing_of, wrong_with
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.intake.models import Import
from songhe.intake.queries import STATES, import_of, imports_for, source_name
from songhe.pages.keyset import window


@staff(Action.IMPORT_RUN)
def import_list(request: HttpRequest) -> HttpResponse:
    page = window(imports_for(request.user), by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    names, reports = names_of(upload.division_id for upload in page.rows), counts_of(page.rows)
    rows = [
        {
            "upload": upload,
            "source": source_name(upload.source),
            "state": STATES[upload.state],
            "report": reports[upload.pk],
            "place": names.get(upload.division_id, ""),
        }
        for upload in page.rows
    ]
    return show(request, "imports/list.html", {"window": page, "rows": rows})


@staff(Action.IMPORT_RUN)
def import_page(request: HttpRequest, import_id: str) -> HttpResponse:
    upload = found(request, import_id)
    after = request.GET.get("after", "")
    wrong = wrong_with(upload, int(after) if after.isascii() and after.isdecimal() and len(after) < 15 else 0)
    context = {
        "standing": standing_of(upload),
        "upload": upload,
        "place": names_of([upload.division_id]).get(upload.division_id, ""),
        "wrong": wrong,
        "last_line": wrong[-1].line if len(wrong) >= 50 else None,
    }
    return show(request, "imports/import.html", context)


def found(request: HttpRequest, import_id: str) -> Import:
    """Raises Http404 for one out of reach as for none."""
    upload = import_of(request.user, import_id)
    if upload is None:
        raise Http404
    return upload
