"""What was entered and laid down within the viewer's reach: what waits for a second person, and all that was said."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.divisions.queries import tree_on
from songhe.indicators.models import Computation, Definition, Evidence, Figure, Tally


def figures_for(user: User) -> QuerySet[Figure]:
    """The newest first."""
    found = Figure.objects.select_related("stated_by", "settled_by").prefetch_related("evidence")
    return visible(found.order_by("-pk"), user, Action.INDICATOR_READ)


def definitions_for(user: User) -> QuerySet[Definition]:
    """The newest first."""
    found = Definition.objects.select_related("stated_by", "settled_by").order_by("-pk")
    return visible(found, user, Action.INDICATOR_READ)


def evidence_for(user: User) -> QuerySet[Evidence]:
    return visible(Evidence.objects.select_related("figure"), user, Action.INDICATOR_READ)


def computation_behind(user: User, division_id: int, pk: int | None) -> Computation | None:
    """The computation that a division's figure came from, also where that counted more than the viewer reaches."""
    found = Tally.objects.filter(computation=pk, division=division_id).select_related("computation")
    tally = visible(found, user, Action.INDICATOR_READ).first() if pk is not None else None
    return tally.computation if tally else None


def waiting_in(user: User, division_id: int) -> tuple[QuerySet[Figure], QuerySet[Definition]]:
    """Figures and definitions of a division and all below it that nobody has settled."""
    inside = tree_on().subtree([division_id])
    return (
        figures_for(user).filter(outcome="", division__in=inside),
        definitions_for(user).filter(outcome="", division__in=inside),
    )


def waiting_for(user: User, division_id: int) -> int:
    """How many wait for somebody to settle them."""
    return sum(found.count() for found in waiting_in(user, division_id))


def said_of(user: User, packages: Sequence[str], indicator: str, division_id: int) -> QuerySet[Figure]:
    """Every figure entered of an indicator in a division, whatever became of it."""
    return figures_for(user).filter(package__in=packages, indicator=indicator, division_id=division_id)


def laid_down(user: User, packages: Sequence[str], indicator: str, divisions: Sequence[int]) -> QuerySet[Definition]:
    """Every definition of an indicator stated in some divisions, whatever became of it."""
    found = Definition.objects.select_related("stated_by", "settled_by").order_by("-pk")
    return found.filter(package__in=packages, indicator=indicator, division__in=divisions)
