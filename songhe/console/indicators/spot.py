"""Which division, day, tree and package a page of indicators is about; out of reach it is not there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.days import DayProblem, read_day
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.indicators.packages import packages_for
from songhe.policy.package import Package
from songhe.policy.schema import Indicator

THEN, NOW = "then", "now"


@dataclass(frozen=True)
class Spot:
    node: Node
    day: dt.date
    tree: str
    package: Package | None
    packages: tuple[Package, ...]
    above: tuple[Node, ...]
    within: frozenset[int]

    @property
    def name(self) -> str:
        return self.shown.full_name(self.node.id)

    @property
    def shown(self) -> Tree:
        return tree_on() if self.tree == NOW else tree_on(self.day)

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()

    @property
    def query(self) -> str:
        """What a link takes along, so that the next page is about the same day and tree."""
        kept = {} if self.is_today else {"day": self.day.isoformat()}
        kept |= {"tree": NOW} if self.tree == NOW else {}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def address(self) -> str:
        return reverse("console:indicators-of", args=[self.node.id]) + self.query

    def page_of(self, indicator: str) -> str:
        assert self.package is not None
        return reverse("console:indicator", args=[self.node.id, self.package.id, indicator]) + self.query


def spot_of(request: HttpRequest, division_id: int, package: str = "", action: Action = Action.INDICATOR_READ) -> Spot:
    """Raises Http404 for a division out of reach, one that was not there on the day, and another place's package."""
    within, day = divisions_for(request.user, action), _day(request)
    tree = NOW if request.GET.get("tree") == NOW else THEN
    shown = tree_on() if tree == NOW else tree_on(day)
    if division_id not in within or division_id not in shown:
        raise Http404
    packages = tuple(packages_for(division_id, day))
    wanted = package or request.GET.get("package", "")
    own = next((one for one in packages if one.id == wanted), None)
    if package and own is None:
        raise Http404
    chosen = own or (packages[0] if packages else None)
    above = tuple(node for node in shown.path(division_id)[:-1] if node.id in within)
    return Spot(shown.node(division_id), day, tree, chosen, packages, above, within)


def indicator_of(spot: Spot, id: str) -> Indicator:
    if spot.package is None or id not in spot.package.indicators:
        raise Http404
    return spot.package.indicators[id]


def _day(request: HttpRequest) -> dt.date:
    """The day asked for, today's without one; what is no day, or lies ahead, is today."""
    try:
        return min(read_day(request.GET.get("day", "")), clock.today())
    except DayProblem:
        return clock.today()
