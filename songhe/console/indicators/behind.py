"""The records behind a figure, page by page, within the reader's reach."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import never_stored
from songhe.console.indicators.rows import Row
from songhe.console.indicators.spot import NOW, indicator_of, spot_of
from songhe.console.indicators.words import KINDS, SIDES
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.indicators.entered import computation_behind
from songhe.indicators.errors import IndicatorError
from songhe.indicators.queries import standings
from songhe.indicators.records import MAYBE, SURE, Page, Record, behind, sides_of

_PAGES = {
    "person": "console:person",
    "institution": "console:organisation",
    "estate": "console:estate",
    "estate_pool": "console:pool",
    "case": "console:case",
    "fund": "console:fund",
    "division": "console:division",
}
_TABS = {SURE: say("计入的", "Those that count"), MAYBE: say("不能断定的", "Those that may")}


@staff(Action.INDICATOR_READ)
def records(request: HttpRequest, division_id: int, package: str, indicator: str) -> HttpResponse:
    spot = spot_of(request, division_id, package)
    one = indicator_of(spot, indicator)
    assert spot.package is not None
    if spot.tree == NOW:
        raise Http404
    standing = standings(request.user, spot.package, division_id, spot.day, only=(one.id,))[0]
    held = standing.held
    computation = computation_behind(request.user, division_id, held.computation) if held else None
    sides = sides_of(package, one.id)
    if computation is None or not sides:
        raise Http404
    side = request.GET.get("side", "")
    side = side if side in sides else sides[0]
    which = MAYBE if request.GET.get("which") == MAYBE else SURE
    context = {"spot": spot, "indicator": one, "computation": computation, "row": Row(standing, "")}
    context |= {"tabs": _tabs(request, sides, side, which), "side": SIDES[side], "which": _TABS[which]}
    try:
        found = behind(request.user, computation, one.id, division_id, side, which, _after(request))
        context |= {"found": found, "kind": KINDS[found.kind], "lines": _lines(found), "next": _next(request, found)}
    except IndicatorError as error:
        context["problem"] = say(error.zh, error.en)
    return never_stored(show(request, "indicators/records.html", context))


def _after(request: HttpRequest) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _tabs(request: HttpRequest, sides: list[str], side: str, which: str) -> list[tuple[Any, str, bool]]:
    """Label, query and whether it is this one, for each measure and each way of counting."""
    kept = {name: request.GET[name] for name in ("day",) if name in request.GET}
    return [
        (
            say(f"{SIDES[one].zh}：{_TABS[way].zh}", f"{SIDES[one].en}: {_TABS[way].en}"),
            f"?{urlencode({**kept, 'side': one, 'which': way})}",
            (one, way) == (side, which),
        )
        for one in sides
        for way in _TABS
    ]


def _next(request: HttpRequest, found: Page) -> str:
    if not found.after:
        return ""
    query = request.GET.copy()
    query["after"] = str(found.after)
    return f"?{query.urlencode()}"


def _lines(found: Page) -> list[tuple[Record, str, str]]:
    """Each record with its address and the place it was counted in."""
    names = names_of(one.division for one in found.records)
    return [(one, _address(one), names.get(one.division, "") if one.division else "") for one in found.records]


def _address(one: Record) -> str:
    return reverse(_PAGES[one.kind], args=[one.key])
