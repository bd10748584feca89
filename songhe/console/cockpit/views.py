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
from songhe.console.cockpit.lines import MONTHS, months_upto
from songhe.console.cockpit.people import TITLES, beside_the_bands, pyramid_of, shares_of, trend_of
from songhe.console.cockpit.ready import Chosen, ready_for
from songhe.console.cockpit.spot import Spot, spot_of
from songhe.console.cockpit.state import freshness, paid_of
from songhe.console.cockpit.tasks import tasks_of
from songhe.console.page import page_of, show, staff
from songhe.console.places import top_of
from songhe.indicators.queries import package_for
from songhe.pages.charts import State, written
from songhe.registry.population import people_in, structures


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
    chosen = Chosen(request.GET.get("map", ""), request.GET.get("by") == "value")
    ready = ready_for(user, spot, package, chosen, page_of(request).language)
    return {
        "spot": spot,
        "package": package,
        "ready": ready,
        "indicators_not_met": links.indicator_list(spot, answer=State.NOT_MET),
        "indicators_unsure": links.indicator_list(spot, answer=State.UNDETERMINED),
        "tasks": tasks_of(user, spot, package),
        "board": links.board(spot),
        "board_overdue": links.board(spot, state="overdue"),
        "fresh": freshness(spot, ready.last_figure, ready.counted),
        "paid": paid_of(user, spot),
        "query": spot.query,
        "estates_address": reverse("console:cockpit-estates", args=[spot.node.id]) + spot.query,
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
