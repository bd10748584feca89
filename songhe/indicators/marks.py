"""The state that figures are shown in: equal twice only while nothing that they are made from has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable

from django.db.models import Count, Max

from songhe.common import clock
from songhe.divisions.queries import mark, tree_on
from songhe.entitlement.applicable import speaking_around
from songhe.indicators.models import Computation, Definition, Figure, Stated, Tally
from songhe.registry.population import last_count

_CONFIRMED = Stated.Outcome.CONFIRMED


def state_of(division_id: int, day: dt.date) -> Hashable:
    """For everything that is shown of a division and of what lies right below it.

    Rows are only added and settled once: how many there are is the same again only when they are the same. Numbers of
    rows alone would not do, as a transaction that took its number earlier may end later.
    """
    made = Computation.objects.aggregate(number=Count("pk"), last=Max("pk"))
    entered = Figure.objects.filter(outcome=_CONFIRMED).aggregate(number=Count("pk"))
    laid = Definition.objects.filter(outcome=_CONFIRMED).order_by("pk").values_list("pk", "stated_by__display_name")
    trees = (tree_on(day), tree_on())
    places = {division_id, *(node.id for tree in trees for node in tree.children(division_id))}
    return (
        clock.today(),
        mark(),
        speaking_around(places, day),
        (made["number"], made["last"]),
        Tally.objects.aggregate(last=Max("pk"))["last"],
        entered["number"],
        tuple(laid),
        last_count(),
    )
