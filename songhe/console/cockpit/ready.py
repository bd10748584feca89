"""What everybody of the same reach is shown of a place: worked out and written once, until something has changed.

Nothing in here may depend on who reads beyond the divisions in reach, which are a part of what is asked: the templates
are given no request and no user.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common.finished import Finished
from songhe.console.cockpit import links
from songhe.console.cockpit.lines import MONTHS, Line, lines_of
from songhe.console.cockpit.mapping import picture_of
from songhe.console.cockpit.people import oldest, pyramid_of, shares_of
from songhe.console.cockpit.spot import Spot
from songhe.console.page import Page
from songhe.indicators.marks import state_of
from songhe.indicators.queries import by_child, months_of, package_for, standings
from songhe.pages.charts import State, written
from songhe.policy.package import Package
from songhe.registry.population import Structure, structure

_ON_FRONT = ("living", "ability")
_SHOWN = 7
# A city with its counties and towns in some months; about a hundred kilobytes each.
READY = Finished(256)


@dataclass(frozen=True)
class Ready:
    """Parts of the page, and the figures above them; `number` counts the indicators."""

    calling: SafeString
    places: SafeString
    structure: SafeString
    trends: SafeString
    number: int
    not_met: int
    undetermined: int
    has_map: bool
    last_figure: dt.date | None
    counted: Structure | None
    people: str
    oldest: str


@dataclass(frozen=True)
class Chosen:
    """How the map is to be coloured: by which indicator, if one was asked for, and by answer or by value."""

    indicator: str
    by_value: bool


def ready_for(user: User, spot: Spot, package: Package | None, chosen: Chosen, language: str) -> Ready:
    """Raises OutOfScope."""
    require_division(user, Action.INDICATOR_READ, spot.node.id)
    if package is None or chosen.indicator not in package.indicators:
        # Whatever else is written in an address is one and the same, so that nobody can fill the memory with it.
        chosen = Chosen("", chosen.by_value)
    key = (spot.node.id, spot.day, spot.tree, spot.within, package.hash if package else "", chosen, language)
    return READY.get(key, state_of(spot.node.id, spot.day), lambda: _made(user, spot, package, chosen, language))


def _made(user: User, spot: Spot, package: Package | None, chosen: Chosen, language: str) -> Ready:
    lines = _lines(user, spot, package)
    counted = structure(user, spot.node.id, spot.day, tree=spot.tree)
    picture = _map(user, spot, package, lines, chosen)
    context = {
        "spot": spot,
        "package": package,
        "elsewhere": [] if package else [node for node in spot.children if package_for(node.id, spot.day)],
        "lines": lines,
        **_sorted(lines),
        **picture,
        "counted": counted,
        "pyramid": pyramid_of(counted) if counted else None,
        "shares": [shares_of(counted, group) for group in _ON_FRONT] if counted else [],
        "indicators": links.indicator_list(spot),
        "query": spot.query,
        "page": Page(language, "", is_part=False),
    }
    number = {state: sum(line.state is state for line in lines) for state in State}
    days = [line.standing.reading_day for line in lines if line.standing.reading_day]
    return Ready(
        calling=_written("calling", context),
        places=_written("places", context),
        structure=_written("structure", context),
        trends=_written("trends", context),
        number=len(lines),
        not_met=number[State.NOT_MET],
        undetermined=number[State.UNDETERMINED],
        has_map=picture["picture"] is not None,
        last_figure=max(days, default=None),
        counted=counted,
        people=written(counted.people) if counted else "",
        oldest=written(oldest(counted)) if counted else "",
    )


def _written(name: str, context: Mapping[str, Any]) -> SafeString:
    return render_to_string(f"console/cockpit/_{name}.html", dict(context))


def _lines(user: User, spot: Spot, package: Package | None) -> list[Line]:
    if package is None:
        return []
    found = standings(user, package, spot.node.id, spot.day, tree=spot.tree)
    return lines_of(spot, found, months_of(user, package, spot.node.id, spot.day, MONTHS))


def _sorted(lines: list[Line]) -> dict[str, Any]:
    """What calls for somebody first; what is undetermined for want of figures is named in one line."""
    calling = sorted((line for line in lines if line.is_calling), key=lambda line: line.state is not State.NOT_MET)
    unsure = [line for line in lines if line.state is State.UNDETERMINED and not line.is_calling]
    return {
        "calling": calling[:_SHOWN],
        "calling_more": calling[_SHOWN:],
        "has_figures": any(line.is_known for line in lines),
        "unsure": [line for line in unsure if line.is_known],
        "unknown": [line for line in unsure if not line.is_known],
    }


def _map(user: User, spot: Spot, package: Package | None, lines: list[Line], asked: Chosen) -> dict[str, Any]:
    """Coloured by the indicator that was asked for, else by the first that calls, else by the first with a figure."""
    if package is None or not spot.children:
        return {"picture": None}
    known = {line.standing.indicator.id: line for line in lines}
    first = next((line for line in [*(one for one in lines if one.is_calling), *lines] if line.is_known), None)
    chosen = known.get(asked.indicator) or first or next(iter(lines), None)
    if chosen is None:
        return {"picture": None}
    indicator = chosen.standing.indicator
    below = by_child(user, package, indicator.id, spot.node.id, spot.day, tree=spot.tree)
    picture = picture_of(spot, indicator, below, by_value=asked.by_value)
    return {
        "picture": picture,
        "map_tiles": picture.tiles,
        "map_division": spot.node.id,
        "map_day": spot.day,
        "map_line": chosen,
        "by_value": asked.by_value,
    }
