"""Where the numbers of a cockpit lead: the pages of the other areas, for the same place and day."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from songhe.console.cockpit.spot import NOW, Spot
from songhe.indicators.queries import Standing
from songhe.plan.queries import Row


def _address(name: str, *arguments: object) -> str:
    return reverse(f"console:{name}", args=arguments)


def indicator_page(spot: Spot, standing: Standing) -> str:
    path = _address("indicator", standing.node.id, standing.package.id, standing.indicator.id)
    return path + _day(spot)


def indicator_list(spot: Spot, **chosen: str) -> str:
    return _address("indicators-of", spot.node.id) + _day(spot, **chosen)


def task_page(spot: Spot, row: Row) -> str:
    return _address("task", row.package.id, row.task.id, row.node.id) + _as_of(spot)


def board(spot: Spot, **chosen: str) -> str:
    return _address("tasks") + _as_of(spot, place=spot.node.code, **chosen)


def shortfall_list(spot: Spot) -> str:
    when = {} if spot.is_today else {"on": spot.day.isoformat()}
    return f"{_address('shortfalls')}?{urlencode({'division': spot.node.code, **when})}"


def register(spot: Spot, **chosen: str) -> str:
    """The people themselves: as they are today, whatever the month."""
    return f"{reverse('console:register')}?{urlencode({'division': spot.node.code, **chosen})}"


def _day(spot: Spot, **more: str) -> str:
    kept = ({} if spot.is_today else {"day": spot.day.isoformat()}) | more
    kept |= {"tree": NOW} if spot.tree == NOW else {}
    return f"?{urlencode(kept)}" if kept else ""


def _as_of(spot: Spot, **more: str) -> str:
    kept = ({} if spot.is_today else {"as_of": spot.day.isoformat()}) | more
    return f"?{urlencode(kept)}" if kept else ""
