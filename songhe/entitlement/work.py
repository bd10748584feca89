"""Lists of work: facts to settle in a village, by what settling them is worth, and people to invite or look after."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from songhe.accounts.models import User
from songhe.accounts.scope import Action, visible
from songhe.common.text import Text
from songhe.divisions.queries import tree_on
from songhe.entitlement.models import Found, MissingFact
from songhe.policy.package import Package
from songhe.registry.vocabulary import rule_facts


def missing_facts(user: User, *, division: int | None = None) -> QuerySet[MissingFact]:
    """The work in a user's scope, in a division (id) and below it: what is worth most first.

    A fact that has arrived since is gone from the list, as is whoever has died or was merged into another file.
    Ordered by the fen a month at stake, then by how many items the fact settles by itself, then how many hang on it.
    """
    rows = visible(MissingFact.objects.all(), user, Action.ENTITLEMENT_READ).filter(_still_open())
    if division is not None:
        rows = rows.filter(_lies_in(tree_on().subtree([division])))
    return rows.order_by("-fen", "-settles", "-items", "pk")


def work_by_village(user: User) -> list[tuple[int | None, int, int]]:
    """(village id, facts, fen a month at stake) in a user's scope, the most fen first.

    By where files lie today, as in `missing_facts`.
    """
    place = Coalesce("person__current__hukou_division_id", "person__current__residence_division_id")
    rows = missing_facts(user).order_by().values_list(place).annotate(Count("pk"), Sum("fen"))
    return sorted(rows, key=lambda row: (-(row[2] or 0), -row[1], row[0] or 0))


def settled_by(package: Package, fact: str) -> Text | None:
    """The paper or the visit that settles a fact, as the vocabulary of the package says."""
    return package.fact("person", fact).settle


def people_found(user: User, *, kind: str, deliveries: Iterable[str] = ("offer", "invite", "apply")) -> QuerySet[Found]:
    """Whose answer turned in the last run, in a user's scope: `kind` is new or lost.

    New and `offer` (免申即享): told, nothing to apply for. `invite`: to be invited. The most fen first.
    """
    rows = visible(Found.objects.filter(kind=kind, delivery__in=list(deliveries)), user, Action.ENTITLEMENT_READ)
    return rows.order_by("-fen", "pk")


def _still_open() -> Q:
    arrived = Q()
    for fact in rule_facts():
        arrived |= Q(**{"fact": fact, f"person__current__{fact}__isnull": False})
    gone = Q(person__current__alive=False) | Q(person__merged_into__isnull=False)
    return ~(arrived | gone)


def _lies_in(divisions: Iterable[int]) -> Q:
    within = list(divisions)
    there = Q(person__current__hukou_division_id__in=within)
    return there | Q(person__current__hukou_division=None, person__current__residence_division_id__in=within)
