"""The cockpit (总览): what is red and why, what is due, and who lives there, for a city, a county or a town."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.cockpit import links
from songhe.console.cockpit.lines import MONTHS, Line, lines_of, months_upto
from songhe.console.cockpit.mapping import picture_of
from songhe.console.cockpit.people import TITLES, beside_the_bands, oldest, pyramid_of, shares_of, trend_of
from songhe.console.cockpit.spot import Spot, spot_of
from songhe.console.cockpit.state import freshness, paid_of
from songhe.console.cockpit.tasks import tasks_of
from songhe.console.page import show, staff
from songhe.console.places import top_of
from songhe.indicators.queries import by_child, months_of, package_for, standings
from songhe.pages.charts import State, written
from songhe.policy.package import Package
from songhe.registry.population import people_in, structure, structures

_ON_FRONT = ("living", "ability")
_SHOWN = 7


@staff(Action.INDICATOR_READ)
def cockpit(request: HttpRequest) -> HttpResponse:
    """On to the first division on top of the user's reach."""
    return HttpResponseRedirect(reverse("console:cockpit-of", args=[top_of(request.user, Action.INDICATOR_READ)]))


@staff(Action.INDICATOR_READ)
def cockpit_of(request: HttpRequest, division_id: int) -> HttpResponse:
    spot = spot_of(request, division_id)
    return show(request, "cockpit/cockpit.html", _whole(request, spot))


def _whole(request: HttpRequest, spot: Spot) -> dict[str, Any]:
    user, package = request.user, package_for(spot.node.id, spot.day)
    lines = _lines(request, spot, package)
    counted = structure(user, spot.node.id, spot.day, tree=spot.tree)
    return {
        "spot": spot,
        "package": package,
        "elsewhere": [] if package else [node for node in spot.children if package_for(node.id, spot.day)],
        "lines": lines,
        **_sorted(lines),
        "indicators": links.indicator_list(spot),
        "indicators_not_met": links.indicator_list(spot, answer=State.NOT_MET),
        "indicators_unsure": links.indicator_list(spot, answer=State.UNDETERMINED),
        "tasks": tasks_of(user, spot, package),
        "board": links.board(spot),
        "board_overdue": links.board(spot, state="overdue"),
        **_map(request, spot, package, lines),
        "counted": counted,
        "pyramid": pyramid_of(counted) if counted else None,
        "shares": [shares_of(counted, group) for group in _ON_FRONT] if counted else [],
        "people": written(counted.people) if counted else "",
        "oldest": written(oldest(counted)) if counted else "",
        "fresh": freshness(spot, lines, counted),
        "paid": paid_of(user, spot),
        "query": spot.query,
        "estates_address": reverse("console:cockpit-estates", args=[spot.node.id]) + spot.query,
    }


def _lines(request: HttpRequest, spot: Spot, package: Package | None) -> list[Line]:
    if package is None:
        return []
    found = standings(request.user, package, spot.node.id, spot.day, tree=spot.tree)
    return lines_of(spot, found, months_of(request.user, package, spot.node.id, spot.day, MONTHS))


def _sorted(lines: list[Line]) -> dict[str, Any]:
    """What calls for somebody first; what is undetermined for want of figures is named in one line."""
    calling = sorted((line for line in lines if line.is_calling), key=lambda line: line.state is not State.NOT_MET)
    unsure = [line for line in lines if line.state is State.UNDETERMINED and not line.is_calling]
    number = {state: sum(line.state is state for line in lines) for state in State}
    return {
        "calling": calling[:_SHOWN],
        "calling_more": calling[_SHOWN:],
        "has_figures": any(line.is_known for line in lines),
        "unsure": [line for line in unsure if line.is_known],
        "unknown": [line for line in unsure if not line.is_known],
        "met": number[State.MET],
        "not_met": number[State.NOT_MET],
        "undetermined": number[State.UNDETERMINED],
    }


def _map(request: HttpRequest, spot: Spot, package: Package | None, lines: list[Line]) -> dict[str, Any]:
    """Coloured by the indicator that was asked for, else by the first that calls, else by the first with a figure."""
    if package is None or not spot.children:
        return {"picture": None}
    asked = request.GET.get("map", "")
    known = {line.standing.indicator.id: line for line in lines}
    first = next((line for line in [*(one for one in lines if one.is_calling), *lines] if line.is_known), None)
    chosen = known.get(asked) or first or next(iter(lines), None)
    if chosen is None:
        return {"picture": None}
    indicator, by_value = chosen.standing.indicator, request.GET.get("by") == "value"
    below = by_child(request.user, package, indicator.id, spot.node.id, spot.day, tree=spot.tree)
    picture = picture_of(spot, indicator, below, by_value=by_value)
    return {
        "picture": picture,
        "map_tiles": picture.tiles,
        "map_division": spot.node.id,
        "map_day": spot.day,
        "map_line": chosen,
        "by_value": by_value,
    }


@staff(Action.INDICATOR_READ)
def population(request: HttpRequest, division_id: int) -> HttpResponse:
    """Who lives there, in every way that is counted, month by month, and in each division below."""
    spot = spot_of(request, division_id)
    counts = structures(request.user, division_id, spot.day, months=MONTHS, tree=spot.tree)
    counted = counts[-1] if counts else None
    months = months_upto(spot.day)
    # The register shows people as they are today.
    seen = spot.is_today and division_id in divisions_for(request.user, Action.PERSON_READ)
    listed = partial(links.register, spot) if seen else None
    people = people_in(request.user, [node.id for node in spot.children], spot.day, Action.INDICATOR_READ)
    context = {
        "spot": spot,
        "counted": counted,
        "people": written(counted.people) if counted else "",
        "pyramid": pyramid_of(counted) if counted else None,
        "beside": beside_the_bands(counted) if counted else None,
        "shares": [shares_of(counted, group, listed) for group in TITLES] if counted else [],
        "trends": [
            trend_of(counts, months, name="people", title=say("老年人数", "Older people")),
            trend_of(counts, months, name="oldest", title=say("80岁以上人数", "People of 80 and more")),
        ],
        "below": [(node, written(people.get(node.id)), spot.of(node.id)) for node in spot.children],
        "register": listed(life="alive") if listed else "",
        "query": spot.query,
    }
    return show(request, "cockpit/population.html", context)
