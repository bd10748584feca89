"""What is known of estates and pools on a day, as known at a moment, resolved from their records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from songhe.divisions.queries import tree_on
from songhe.facilities.errors import FacilityError
from songhe.facilities.models import Estate, FactRecord, Member, Pool
from songhe.organisations.facts import resolved
from songhe.policy.factbook import Factbook
from songhe.registry.places import moved
from songhe.rules.vocabulary import Value

ESTATE, POOL = "estate", "estate_pool"
BOOKS = {ESTATE: Factbook(ESTATE, FacilityError), POOL: Factbook(POOL, FacilityError)}
# Of a pool these are recorded; its households follow from its members.
POOL_RECORDED = ("shared_premises_m2", "pooling_approved")
PREMISES = "care_premises_m2"
_HOUSEHOLDS = {"new": "new_households", "existing": "existing_households", "old": "old_households"}


@dataclass(frozen=True)
class Known:
    """An estate with what is known of it on a day; `division_id` is where it lies on that day."""

    estate: Estate
    division_id: int
    facts: Mapping[str, Value]


@dataclass(frozen=True)
class KnownPool:
    """A pool with its members on a day and what follows from them."""

    pool: Pool
    division_id: int
    members: tuple[Known, ...]
    facts: Mapping[str, Value]

    @property
    def is_approved(self) -> bool:
        return self.facts.get("pooling_approved") is True


def facts_of(division_ids: Iterable[int], day: dt.date, known: dt.datetime | None = None) -> list[Known]:
    """Every estate that counts on a day in or below these divisions, with its facts (as known now without `known`).

    An estate of a division that is no more lies where that division went.
    """
    return known_estates(estates_in(division_ids, day), day, known)


def estates_in(division_ids: Iterable[int], day: dt.date) -> QuerySet[Estate]:
    """The estates that lie on a day in these divisions or below them."""
    return Estate.objects.filter(division__in=holding(division_ids, day))


def holding(division_ids: Iterable[int], day: dt.date) -> frozenset[int]:
    """These divisions, all below them, and those of other days that are one of these on the day."""
    within = tree_on(day).subtree(division_ids)
    return within | {one for one, place in moved(day).items() if place in within}


def known_estates(estates: QuerySet[Estate], day: dt.date, known: dt.datetime | None = None) -> list[Known]:
    """Of some estates, those that count on a day, in the order of their names, with their facts."""
    counting = _counting_estates(estates, day, known)
    facts = resolved(FactRecord.objects.filter(estate__in=counting.order_by()), "estate_id", BOOKS[ESTATE], day, known)
    went = moved(day)
    return [
        Known(one, place, facts.get(one.pk, {}))
        for one in counting.order_by("name", "pk")
        if (place := went.get(one.division_id, one.division_id)) is not None
    ]


def known_pools(pools: QuerySet[Pool], day: dt.date, known: dt.datetime | None = None) -> list[KnownPool]:
    """Of some pools, those that have members on a day, with what follows from the members' facts."""
    members: dict[int, list[int]] = {}
    for pool, estate in _counting_members(day, known).filter(pool__in=pools.order_by()).values_list("pool", "estate"):
        members.setdefault(pool, []).append(estate)
    ids = [estate for some in members.values() for estate in some]
    estates = {one.estate.pk: one for one in known_estates(Estate.objects.filter(pk__in=ids), day, known)}
    own = resolved(FactRecord.objects.filter(pool__in=pools.order_by()), "pool_id", BOOKS[POOL], day, known)
    went, found = moved(day), []
    for pool in pools.filter(pk__in=members).order_by("name", "pk"):
        some = tuple(estates[one] for one in members[pool.pk] if one in estates)
        place = went.get(pool.division_id, pool.division_id)
        if some and place is not None:
            facts = {name: value for name, value in own.get(pool.pk, {}).items() if name in POOL_RECORDED}
            found.append(KnownPool(pool, place, some, {**households_of(some), **facts}))
    return found


def households_of(members: Iterable[Known]) -> dict[str, Value]:
    """Households by kind of estate; what one member's unknown kind or number leaves open is not in it."""
    sums: dict[str, int | None] = dict.fromkeys(_HOUSEHOLDS.values(), 0)
    for member in members:
        kind, number = member.facts.get("kind"), member.facts.get("households")
        if kind is None:
            # It may be of any kind: no sum is known any more.
            return {}
        name = _HOUSEHOLDS[str(kind)]
        held = sums[name]
        sums[name] = None if held is None or not isinstance(number, int) else held + number
    return {name: value for name, value in sums.items() if value is not None}


def pool_of(estates: Iterable[int], day: dt.date, known: dt.datetime | None = None) -> dict[int, int]:
    """Estate → the pool it belongs to on a day."""
    return dict(_counting_members(day, known).filter(estate__in=estates).values_list("estate", "pool"))


def _counting_estates(estates: QuerySet[Estate], day: dt.date, known: dt.datetime | None) -> QuerySet[Estate]:
    open_then = Q(closed_on=None) | Q(closed_on__gt=day)
    if known is None:
        return estates.filter(open_then, began_on__lte=day)
    return estates.filter(open_then | Q(closed_at__gt=known), began_on__lte=day, recorded_at__lte=known)


def _counting_members(day: dt.date, known: dt.datetime | None) -> QuerySet[Member]:
    lasting = Q(valid_to=None) | Q(valid_to__gte=day)
    members = Member.objects.filter(valid_from__lte=day).order_by("estate__name", "estate")
    if known is None:
        return members.filter(lasting)
    return members.filter(lasting | Q(ended_at__gt=known), recorded_at__lte=known)
