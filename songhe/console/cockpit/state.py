"""How fresh the figures are, and what the last month paid: a line each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.common.text import Text, say
from songhe.console.cockpit.spot import Spot
from songhe.entitlement.models import Run, State
from songhe.registry.population import Structure
from songhe.upkeep.queries import last_of

_OLD = 31


@dataclass(frozen=True)
class Fresh:
    """`day` None: never; `is_old`: more than a month before the day that is looked at."""

    label: Text
    day: dt.date | None
    is_old: bool
    href: str = ""


@dataclass(frozen=True)
class Paid:
    """What the accepted runs of a month came to, in fen."""

    month: int
    counties: int
    people: int
    fen: int
    href: str

    @property
    def label(self) -> str:
        return f"{self.month // 100}-{self.month % 100:02d}"


def freshness(spot: Spot, figure: dt.date | None, counted: Structure | None) -> list[Fresh]:
    night = last_of("projection") if spot.is_today else None
    found = [
        _fresh(spot, say("最近的指标数据", "Last figure of an indicator"), figure),
        _fresh(spot, say("人口统计", "Population counted"), counted.day if counted else None),
    ]
    if spot.is_today:
        found.append(_fresh(spot, say("夜间维护", "Nightly upkeep"), night.day if night else None))
    return found


def _fresh(spot: Spot, label: Text, day: dt.date | None) -> Fresh:
    return Fresh(label, day, day is None or (spot.day - day).days > _OLD)


def paid_of(user: User, spot: Spot) -> Paid | None:
    """The last month that was accepted anywhere in the division; None where there is none, or it may not be seen."""
    if spot.node.id not in divisions_for(user, Action.RUN_READ):
        return None
    counties = spot.divisions.subtree([spot.node.id])
    upto = spot.day.year * 100 + spot.day.month
    runs = visible(Run.objects.filter(state=State.ACCEPTED, month__lte=upto), user, Action.RUN_READ, in_passing=True)
    last: dict[tuple[int, int], Run] = {}
    for run in runs.order_by("-month", "pk").only("county_id", "month", "people", "due_fen", "arrears_fen")[:200]:
        if run.county_id in counties:
            last[run.month, run.county_id] = run
    if not last:
        return None
    month = max(number for number, _ in last)
    of_month = [run for (number, _), run in last.items() if number == month]
    fen = sum(run.due_fen + run.arrears_fen for run in of_month)
    return Paid(month, len(of_month), sum(run.people for run in of_month), fen, reverse("console:runs"))
