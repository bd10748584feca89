"""Open data (开放数据): what offices published of their reports, by place and period, with files and a dictionary.

Versions that were withdrawn or replaced stay listed as such. A withdrawn one shows why, and none of its figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from songhe.common.text import Text, say
from songhe.portal.errors import not_allowed
from songhe.portal.page import ENGLISH, page_of
from songhe.reports.documents.files import MEDIA, publication_file, shown_publication
from songhe.reports.documents.opendata import DICTIONARY, dictionary
from songhe.reports.errors import ReportError
from songhe.reports.models import Publication
from songhe.reports.queries import public, replaced_by
from songhe.reports.release import Release

STANDS, REPLACED, WITHDRAWN = "stands", "replaced", "withdrawn"
_WORDS = {
    STANDS: say("现行", "current"),
    REPLACED: say("已被新版代替", "replaced by a later version"),
    WITHDRAWN: say("已撤回", "withdrawn"),
}
# A reader of data may come again for the same; a withdrawal must be seen soon.
_SECONDS = 300


@dataclass(frozen=True)
class Listed:
    """A publication in the list: for which period, and whether it stands."""

    publication: Publication
    period: Text
    state: str

    @property
    def word(self) -> Text:
        return _WORDS[self.state]


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    listed: tuple[Listed, ...]


def open_data(request: HttpRequest) -> HttpResponse:
    """Every place with what is public of it, the latest period first."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    return _page(request, "portal/open_data.html", {"places": _places()})


def release_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """One publication with its tables, files and dictionary."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    one = get_object_or_404(public(), public_id=publication)
    release = Release.model_validate(one.content)
    later = replaced_by(one)
    context = {
        "one": one,
        "shown": shown_publication(one),
        "release": release,
        "later": later,
        "files": [(table, f"{table.id}.csv") for table in release.tables],
        "header": [name for _, name in DICTIONARY],
        "dictionary": dictionary(release),
    }
    status = 410 if one.ended_by_id else 200
    return _page(request, "portal/open_data_release.html", context, status)


def release_file(request: HttpRequest, publication: UUID, name: str) -> HttpResponse:
    """A table as CSV, the dictionary, or the report as Word or spreadsheet."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    one = get_object_or_404(public().filter(ended_by=None), public_id=publication)
    kind = name.rpartition(".")[2]
    try:
        data = publication_file(one, name, page_of(request).language)
    except ReportError:
        raise Http404 from None
    answer = HttpResponse(data, content_type=MEDIA[kind])
    place = f"{one.content['division']}-{one.report.period.written}-v{one.report.version}"
    answer.headers["Content-Disposition"] = f'attachment; filename="songhe-{place}-{name}"'
    answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return answer


def _places() -> list[Place]:
    """By code; of a place the latest period first, and of a period the latest version."""
    found = sorted(public(), key=lambda one: (one.content["division"], -one.report.period.last.toordinal(),
                                              one.report.kind, -one.report.version))  # fmt: skip
    places = []
    for code, some in groupby(found, key=lambda one: str(one.content["division"])):
        every = list(some)
        places.append(Place(code, str(every[0].content["place"]), tuple(_listed(every))))
    return places


def _listed(every: list[Publication]) -> list[Listed]:
    latest: dict[tuple[str, int], Publication] = {}
    for one in sorted(every, key=lambda one: (one.approved_at, one.pk)):
        if one.ended_by_id is None:
            latest[one.report.kind, one.report.number] = one
    states = []
    for one in every:
        stands = latest.get((one.report.kind, one.report.number)) == one
        states.append(WITHDRAWN if one.ended_by_id else STANDS if stands else REPLACED)
    return [Listed(one, one.report.period.label, state) for one, state in zip(every, states, strict=True)]


def _page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    page = page_of(request)
    switches = {
        "page": page,
        "other_language": page.switched(language="zh" if page.is_english else ENGLISH),
        "other_size": page.switched(is_large=not page.is_large),
    }
    response = render(request, template, {**switches, **context}, status=status)
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response
