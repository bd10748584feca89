"""From the divisions of a user's roles to everything they reach, also after divisions merged, moved and split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from songhe.divisions.models import Version
from songhe.divisions.queries import Tree, carry, tree_on


def reach(granted: Iterable[tuple[int, dt.date]], today: dt.date) -> frozenset[int]:
    """Ids of every division reached, from (division, day the role was given for) pairs.

    A role goes on with its division: into what it was merged with, to all parts of a split. What is gone is reached
    by whoever reaches everything it went on as, so that no record written then drops out of everybody's sight.
    """
    return _reach(tree_on(today), today, frozenset(granted))


def reaches_everything(divisions: frozenset[int], today: dt.date) -> bool:
    """Whether nothing that has nothing below it today lies outside: what is above may be other people's business."""
    return divisions >= _ends(tree_on(today))


@lru_cache(maxsize=4)
def _ends(tree: Tree) -> frozenset[int]:
    return frozenset(node.id for node in tree if not tree.children(node.id))


# A tree of memory is another one after every change of the divisions, so nothing kept here can be out of date.
@lru_cache(maxsize=64)
def _reach(tree: Tree, today: dt.date, granted: frozenset[tuple[int, dt.date]]) -> frozenset[int]:
    now = {one for division, since in granted for one in _onward(division, min(since, today), today)}
    held = tree.subtree(now)
    return held | {gone for gone, places in _gone(tree, today).items() if places and places <= held}


def _onward(division: int, since: dt.date, today: dt.date) -> tuple[int, ...]:
    """What a division is today. A role may be younger than its end, when that was recorded late."""
    found = carry(division, since, today)
    if found or division in tree_on(since):
        return found
    ended = Version.objects.filter(division=division, valid_to__lt=since).order_by("-valid_to")
    until = ended.values_list("valid_to", flat=True).first()
    return () if until is None else carry(division, until, today)


@lru_cache(maxsize=4)
def _gone(tree: Tree, today: dt.date) -> dict[int, frozenset[int]]:
    """Divisions that are no more, each with those of today that hold what it held."""
    last: dict[int, tuple[dt.date, int | None]] = {}
    ended = Version.objects.filter(valid_to__lt=today).order_by("valid_to")
    for division, until, parent in ended.values_list("division_id", "valid_to", "parent_id"):
        if division not in tree:
            last[division] = (until, parent)
    return {division: _places(division, last, tree, today) for division in last}


def _places(
    division: int | None, last: dict[int, tuple[dt.date, int | None]], tree: Tree, today: dt.date
) -> frozenset[int]:
    while division is not None:
        if division in tree:
            return frozenset((division,))
        if division not in last:
            break
        until, parent = last[division]
        if places := carry(division, until, today):
            return frozenset(places)
        # Dissolved, and nothing followed: what was above it answers for it.
        division = parent
    return frozenset()
