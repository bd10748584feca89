"""What each department may send: its columns, and an empty file to begin with."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import show, staff
from songhe.intake.queries import SourceGuide, guides


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
    if extension not in FILE_TYPES:
        raise Http404
    titles = [accepted[0] for fact, accepted in guide.accepted.items() if fact in guide.required]
    titles += [accepted[0] for fact, accepted in guide.accepted.items() if fact not in guide.required]
    return file_answer(source, extension, titles, [])


def _guide(source: str) -> SourceGuide:
    found = next((one for one in guides() if one.source == source), None)
    if found is None:
        raise Http404
    return found
