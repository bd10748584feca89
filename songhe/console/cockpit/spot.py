"""Where and when a cockpit looks: a division, the end of a month, and the tree it is counted on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.calendar import last_day, parse_month
from songhe.common.text import Text, say
from songhe.divisions.models import Level
from songhe.divisions.queries import Node, Tree, tree_on

THEN, NOW = "then", "now"
_NAMES = {
    Level.PROVINCE: say("全省", "Province"),
    Level.CITY: say("全市", "City"),
    Level.COUNTY: say("全县", "County"),
    Level.TOWN: say("全镇街", "Town"),
    Level.VILLAGE: say("全村社区", "Village"),
}


@dataclass(frozen=True)
class Spot:
    """`day` is the end of the month, or today in the current one; `tree` is `then` or `now`."""

    node: Node
    day: dt.date
    tree: str
    divisions: Tree
    within: frozenset[int]

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()

    @property
    def full_name(self) -> str:
        return self.divisions.full_name(self.node.id)

    @property
    def whole(self) -> Text:
        return _NAMES[Level(self.node.level)]

    @property
    def above(self) -> list[Node]:
        return [node for node in self.divisions.path(self.node.id)[:-1] if node.id in self.within]

    @property
    def children(self) -> list[Node]:
        return [node for node in self.divisions.children(self.node.id) if node.id in self.within]

    @property
    def earlier(self) -> str:
        first = self.day.replace(day=1) - dt.timedelta(days=1)
        return f"{first:%Y-%m}"

    @property
    def later(self) -> str:
        """The month after, empty when that has not begun."""
        after = last_day(self.day.year, self.day.month) + dt.timedelta(days=1)
        return f"{after:%Y-%m}" if after <= clock.today() else ""

    @property
    def query(self) -> str:
        """What a link to another place keeps."""
        kept = {} if self.is_today else {"month": self.month}
        kept |= {"tree": NOW} if self.tree == NOW else {}
        return f"?{urlencode(kept)}" if kept else ""

    def of(self, division_id: int) -> str:
        """The cockpit of another division at the same moment."""
        return reverse("console:cockpit-of", args=[division_id]) + self.query


def spot_of(request: HttpRequest, division_id: int) -> Spot:
    """Raises Http404 for a division out of reach, or one that was not there."""
    within = divisions_for(request.user, Action.INDICATOR_READ)
    day = month_asked(request.GET.get("month", ""))
    tree = NOW if request.GET.get("tree") == NOW else THEN
    divisions = tree_on(day) if tree == THEN else tree_on()
    if division_id not in within or division_id not in divisions:
        raise Http404
    return Spot(divisions.node(division_id), day, tree, divisions, within)


def month_asked(text: str) -> dt.date:
    """The end of `2026-10`; today for the current month, for one that has not begun, and for what is no month."""
    today = clock.today()
    try:
        end = last_day(*parse_month(text))
    except ValueError:
        return today
    return min(end, today)
