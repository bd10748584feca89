"""Public notices (公示) that run now, and a way to object: a partly masked name, the village, the item and the days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from songhe.casework.domain.acting import PUBLIC
from songhe.casework.domain.notice import object_to
from songhe.casework.errors import CaseError
from songhe.casework.models import Case
from songhe.casework.queries.notices import PublicNotice, notices_by_division, public_notice, public_notices
from songhe.common import clock
from songhe.common.text import say
from songhe.divisions.models import Level
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.portal.errors import not_allowed
from songhe.portal.page import ENGLISH, page_of

WRONG_INPUT = 422
_LONGEST_TEXT, _LONGEST_CONTACT = 300, 60
_TOO_LONG = say(
    f"太长：说明最多{_LONGEST_TEXT}个字，联系方式最多{_LONGEST_CONTACT}个字。",
    f"Too long: at most {_LONGEST_TEXT} characters, and {_LONGEST_CONTACT} for how to reach you.",
)


@dataclass(frozen=True)
class Town:
    """A town with notices, below its county."""

    node: Node
    name: str
    number: int


def notices_page(request: HttpRequest) -> HttpResponse:
    """The towns in which notices run now, or the notices of one of them."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    today, tree = clock.today(), tree_on()
    code = request.GET.get("division", "")[:12]
    node = tree.find(code) if code else None
    if code and node is None:
        raise Http404
    notices = public_notices(below=node.id, day=today) if node else []
    context = {"towns": [] if node else _towns(tree, today), "place": node and tree.full_name(node.id)}
    return _page(request, "portal/notices.html", 200, {**context, "notices": _by_village(notices)})


# No token against forged requests: nobody is signed in, so a forged request does no more than one of anybody's own,
# and a token would need a cookie.
@csrf_exempt
def notice_page(request: HttpRequest, case: UUID) -> HttpResponse:
    """One notice with the form to object; what is sent goes to the office, and the contact is kept sealed."""
    if request.method not in ("GET", "HEAD", "POST"):
        return not_allowed(request, "GET, HEAD, POST")
    notice = public_notice(case, clock.today())
    if notice is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, notice, {})
    return _object(request, notice)


def _object(request: HttpRequest, notice: PublicNotice) -> HttpResponse:
    text, contact = request.POST.get("text", "").strip(), request.POST.get("contact", "").strip()
    if len(text) > _LONGEST_TEXT or len(contact) > _LONGEST_CONTACT:
        return _shown(request, notice, {"problem": _TOO_LONG, "text": text, "contact": contact})
    try:
        object_to(by=PUBLIC, case=Case.objects.get(public_id=notice.case), text=text, contact=contact)
    except CaseError as error:
        return _shown(request, notice, {"problem": error.text, "text": text, "contact": contact})
    return _shown(request, notice, {"is_done": True})


def _shown(request: HttpRequest, notice: PublicNotice, more: Mapping[str, Any]) -> HttpResponse:
    status = WRONG_INPUT if "problem" in more else 200
    context = {"notice": notice, "longest": _LONGEST_TEXT, **more}
    return _page(request, "portal/notice.html", status, context)


def _towns(tree: Tree, today: dt.date) -> list[Town]:
    """Those with notices, in the order of their codes; what lies above every town stands for itself."""
    numbers: Counter[int] = Counter()
    for division, number in notices_by_division(today).items():
        if division in tree:
            town = tree.at_level(division, Level.TOWN)
            numbers[town.id if town else division] += number
    nodes = sorted((tree.node(id) for id in numbers), key=lambda node: node.code)
    return [Town(node, tree.full_name(node.id), numbers[node.id]) for node in nodes]


def _by_village(notices: list[PublicNotice]) -> list[tuple[str, list[PublicNotice]]]:
    found: dict[str, list[PublicNotice]] = {}
    for notice in notices:
        found.setdefault(notice.village, []).append(notice)
    return sorted(found.items())


def _page(request: HttpRequest, template: str, status: int, context: Mapping[str, Any]) -> HttpResponse:
    page = page_of(request)
    switches = {
        "page": page,
        "other_language": _with_division(request, page.switched(language="zh" if page.is_english else ENGLISH)),
        "other_size": _with_division(request, page.switched(is_large=not page.is_large)),
    }
    response = render(request, template, {**switches, **context}, status=status)
    # A notice is over on its day: nothing keeps the page for longer.
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_division(request: HttpRequest, address: str) -> str:
    code = request.GET.get("division", "")
    if not code.isdigit():
        return address
    return f"{address}{'&' if '?' in address else '?'}division={code[:12]}"
