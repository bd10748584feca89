"""What each department may send: its columns, and an empty file to begin with."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.console.page import show, staff
from songhe.intake.queries import SourceGuide, guides

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff(Action.IMPORT_RUN)
def guide_list(request: HttpRequest) -> HttpResponse:
    return show(request, "imports/guides.html", {"guides": guides()})


@staff(Action.IMPORT_RUN)
def guide_page(request: HttpRequest, source: str) -> HttpResponse:
    guide = _guide(source)
    rows = [
        {"fact": fact, "titles": titles, "is_required": fact in guide.required}
        for fact, titles in sorted(guide.accepted.items(), key=lambda one: one[0] not in guide.required)
    ]
    return show(request, "imports/guide.html", {"guide": guide, "rows": rows})


@staff(Action.IMPORT_RUN)
def template(request: HttpRequest, source: str, extension: str) -> HttpResponse:
    """A file with the titles alone: for each fact the first one that is accepted, what is required in front."""
    guide = _guide(source)
    if extension not in _TYPES:
        raise Http404
    titles = [accepted[0] for fact, accepted in guide.accepted.items() if fact in guide.required]
    titles += [accepted[0] for fact, accepted in guide.accepted.items() if fact not in guide.required]
    answer = HttpResponse(_content(titles, extension), content_type=_TYPES[extension])
    answer.headers["Content-Disposition"] = f'attachment; filename="{source}.{extension}"'
    return answer


def _content(titles: list[str], extension: str) -> bytes:
    if extension == "csv":
        return b"".join(write_csv([], titles))
    content = io.BytesIO()
    write_xlsx(content, titles, [])
    return content.getvalue()


def _guide(source: str) -> SourceGuide:
    found = next((one for one in guides() if one.source == source), None)
    if found is None:
        raise Http404
    return found
