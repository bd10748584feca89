"""Where people live and are registered, through the history of the divisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Max, Min
from django.db.models.functions import Coalesce

from songhe.divisions.models import Version
from songhe.divisions.queries import Tree, carry, tree_on

_OPEN_END = dt.date.max


def moved(day: dt.date) -> Mapping[int, int | None]:
    """What each division that does not exist on a day counts as: what it became, or the nearest that holds all of it.

    None when there is no such division. Empty as long as divisions neither come nor go.
    """
    return _moved(tree_on(day), day)


@lru_cache(maxsize=8)
def _moved(tree: Tree, day: dt.date) -> Mapping[int, int | None]:
    lives = Version.objects.values_list("division_id").annotate(
        first=Min("valid_from"), last=Max(Coalesce("valid_to", _OPEN_END))
    )
    return {
        division: _nearest(tree, carry(division, last if last < day else first, day))
        for division, first, last in lives
        if division not in tree
    }


def _nearest(tree: Tree, divisions: tuple[int, ...]) -> int | None:
    holder = tree.common(divisions)
    return None if holder is None else holder.id
