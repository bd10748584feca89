"""Estates, pools and institutions against a package's standards: what each answers, and what is missing per county.

Quantities are exact fractions; a total is the sum of those, and nothing is rounded on the way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.decision.person import UNDETERMINED
from songhe.decision.standard import NOT_MET, StandardDecision, standards_on
from songhe.divisions.models import Level
from songhe.divisions.queries import Node, tree_on
from songhe.facilities.facts import (
    ESTATE,
    POOL,
    estates_in,
    facts_of,
    holding,
    known_estates,
    known_pools,
    pool_of,
)
from songhe.facilities.models import Estate, MakeUp, Pool
from songhe.organisations.facts import SUBJECT as INSTITUTION
from songhe.organisations.facts import facts_of_all
from songhe.organisations.models import Organisation
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.rule import StandardRule
from songhe.registry.places import moved
from songhe.rules.quantity import parameters_in
from songhe.rules.vocabulary import Value

__all__ = ["ESTATE", "INSTITUTION", "POOL", "SUBJECTS", "Finding", "Shortfall", "facts_of", "findings", "shortfalls"]

SUBJECTS = (ESTATE, POOL, INSTITUTION)


@dataclass(frozen=True)
class Finding:
    """One standard's answer for one thing; `facts` are what it was decided on.

    `pool` is the approved pool by whose standard the same square metres are asked: no total counts them twice.
    """

    package: Package
    subject: str
    thing: Estate | Pool | Organisation
    division_id: int
    facts: Mapping[str, Value]
    decision: StandardDecision
    pool: Pool | None = None

    @property
    def answer(self) -> str:
        return self.decision.answer

    @property
    def rule(self) -> StandardRule:
        return self.decision.rule


@dataclass(frozen=True)
class Shortfall:
    """A standard that is not met: what it asks, what there is, and what is lacking still after what is planned.

    Quantities are in the standard's unit, None where it asks no quantity.
    """

    finding: Finding
    county: Node | None
    town: Node | None
    planned: Fraction = Fraction(0)

    @property
    def standard(self) -> str:
        return self.finding.rule.id

    @property
    def subject(self) -> str:
        return self.finding.subject

    @property
    def required(self) -> Fraction | None:
        return self.finding.decision.required

    @property
    def actual(self) -> Fraction | None:
        return self.finding.decision.actual

    @property
    def shortfall(self) -> Fraction | None:
        return self.finding.decision.shortfall

    @property
    def arithmetic(self) -> str | None:
        return self.finding.decision.arithmetic

    @property
    def remains(self) -> Fraction | None:
        return None if self.shortfall is None else max(self.shortfall - self.planned, Fraction(0))

    @property
    def counts(self) -> bool:
        """Whether its quantity belongs to a total: not where an approved pool answers for it."""
        return self.finding.pool is None


def findings(
    user: User,
    package: Package | str,
    division_id: int,
    day: dt.date,
    *,
    subjects: Iterable[str] = SUBJECTS,
    known: dt.datetime | None = None,
) -> list[Finding]:
    """What the standards (and subsidies) of a package say of everything in a division, within the user's reach."""
    policy = load_package(package) if isinstance(package, str) else package
    readers = {ESTATE: _of_estates, POOL: _of_pools, INSTITUTION: _of_institutions}
    return [one for subject in subjects for one in readers[subject](user, policy, division_id, day, known)]


def shortfalls(
    user: User,
    package: Package | str,
    division_id: int,
    day: dt.date,
    *,
    subjects: Iterable[str] = SUBJECTS,
    known: dt.datetime | None = None,
) -> list[Shortfall]:
    """The standards that are not met, in the order of the divisions and then of the package."""
    return shortfalls_among(findings(user, package, division_id, day, subjects=subjects, known=known), day, known)


def shortfalls_among(found: Iterable[Finding], day: dt.date, known: dt.datetime | None = None) -> list[Shortfall]:
    """As `shortfalls`, of what was found already; `known`: with what was planned by a moment."""
    tree = tree_on(day)
    lacking = [one for one in found if one.answer == NOT_MET]
    planned = _planned((one.thing.pk for one in lacking if one.subject == ESTATE), known)
    order = {node.id: number for number, node in enumerate(tree)}
    lacking.sort(key=lambda one: order.get(one.division_id, -1))
    places = {one.division_id for one in lacking}
    counties = {place: tree.at_level(place, Level.COUNTY) for place in places}
    towns = {place: tree.at_level(place, Level.TOWN) for place in places}
    return [
        Shortfall(
            one,
            counties[one.division_id],
            towns[one.division_id],
            planned.get((one.thing.pk, one.rule.id), Fraction(0)) if one.subject == ESTATE else Fraction(0),
        )
        for one in lacking
    ]


def undetermined(found: Iterable[Finding]) -> list[Finding]:
    """What cannot be said yet: the work list of facts to be found out, and of terms that are open."""
    return [one for one in found if one.answer == UNDETERMINED]


def make_ups_running(estates: Iterable[int], known: dt.datetime | None = None) -> QuerySet[MakeUp]:
    """Ways that are planned for estates and neither confirmed as done nor given up, now or by a moment; the earliest
    due first.
    """
    found = MakeUp.objects.filter(estate__in=list(estates)).order_by("due", "pk")
    if known is None:
        return found.filter(confirmed_by=None, ended_by=None)
    unconfirmed = Q(confirmed_at=None) | Q(confirmed_at__gt=known)
    return found.filter(unconfirmed, Q(ended_at=None) | Q(ended_at__gt=known), planned_at__lte=known)


def overdue(user: User, division_id: int, day: dt.date) -> QuerySet[MakeUp]:
    """Ways planned in a division whose time was over on a day and which nobody confirmed as done."""
    late = MakeUp.objects.filter(
        estate__division__in=holding([division_id], day), due__lt=day, confirmed_by=None, ended_by=None
    )
    return visible(late.select_related("estate").order_by("due", "pk"), user, Action.ESTATE_READ)


def _planned(estates: Iterable[int], known: dt.datetime | None) -> dict[tuple[int, str], Fraction]:
    sums: dict[tuple[int, str], Fraction] = {}
    for one in make_ups_running(estates, known):
        key = (one.estate_id, one.standard)
        sums[key] = sums.get(key, Fraction(0)) + Fraction(one.square_metres)
    return sums


def _of_estates(
    user: User, package: Package, division_id: int, day: dt.date, known: dt.datetime | None
) -> Iterator[Finding]:
    yield from of_estates(package, visible(estates_in([division_id], day), user, Action.ESTATE_READ), day, known)


def of_estates(
    package: Package, estates: QuerySet[Estate], day: dt.date, known: dt.datetime | None = None
) -> Iterator[Finding]:
    """What the package says of some estates, whose reach the caller has seen to."""
    some, decide = known_estates(estates, day, known), standards_on(package, day, ESTATE)
    pools = _approved(pool_of((one.estate.pk for one in some), day, known), day, known)
    taken_over = _answered_by_pools(package)
    for one in some:
        for decision in decide(one.facts):
            pool = pools.get(one.estate.pk) if decision.rule.id in taken_over else None
            yield Finding(package, ESTATE, one.estate, one.division_id, one.facts, decision, pool)


def _approved(pools: Mapping[int, int], day: dt.date, known: dt.datetime | None) -> dict[int, Pool]:
    """Estate → the pool that answers for it."""
    found = known_pools(Pool.objects.filter(pk__in=set(pools.values())), day, known) if pools else []
    approved = {one.pool.pk: one.pool for one in found if one.is_approved}
    return {estate: approved[pool] for estate, pool in pools.items() if pool in approved}


def _answered_by_pools(package: Package) -> frozenset[str]:
    """Standards of estates that ask by the figures of pools alone: an approved pool answers for them."""
    rules = package.standard_rules.values()
    pooled = {id for rule in rules if rule.standard.subject == POOL for id in _rates(rule)}
    return frozenset(
        rule.id for rule in rules if rule.standard.subject == ESTATE and _rates(rule) and _rates(rule) <= pooled
    )


def _rates(rule: StandardRule) -> frozenset[str]:
    return frozenset() if rule.required is None else frozenset(parameters_in(rule.required))


def _of_pools(
    user: User, package: Package, division_id: int, day: dt.date, known: dt.datetime | None
) -> Iterator[Finding]:
    pools = visible(Pool.objects.filter(division__in=holding([division_id], day)), user, Action.ESTATE_READ)
    yield from of_pools(package, pools, day, known)


def of_pools(
    package: Package, pools: QuerySet[Pool], day: dt.date, known: dt.datetime | None = None
) -> Iterator[Finding]:
    """What the package says of some pools, whose reach the caller has seen to."""
    decide = standards_on(package, day, POOL)
    for one in known_pools(pools, day, known):
        for decision in decide(one.facts):
            yield Finding(package, POOL, one.pool, one.division_id, one.facts, decision)


def _of_institutions(
    user: User, package: Package, division_id: int, day: dt.date, known: dt.datetime | None
) -> Iterator[Finding]:
    homes = Organisation.objects.filter(is_institution=True, division__in=holding([division_id], day))
    homes = visible(homes.filter(opened_on__lte=day), user, Action.ORGANISATION_READ)
    facts, decide, went = facts_of_all(homes, day, known), standards_on(package, day, INSTITUTION), moved(day)
    for one in homes.order_by("name", "pk"):
        place = went.get(one.division_id, one.division_id)
        if place is None or (one.closed_on is not None and one.closed_on <= day):
            continue
        for decision in decide(facts.get(one.pk, {})):
            yield Finding(package, INSTITUTION, one, place, facts.get(one.pk, {}), decision)
