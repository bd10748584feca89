"""Institutions, estates and pools counted or summed: each by its facts on the day, as known at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from songhe.decision.person import UNDETERMINED
from songhe.decision.standard import MET, standards_on
from songhe.facilities.facts import ESTATE, POOL, estates_in, holding, known_estates, known_pools
from songhe.facilities.models import Pool
from songhe.indicators.measures.amounts import MAYBE, ONE, Amount, Asked, Occasion, spread
from songhe.indicators.measures.persons import sized
from songhe.organisations.facts import SUBJECT as INSTITUTION
from songhe.organisations.facts import facts_of_all
from songhe.organisations.models import Organisation
from songhe.registry.places import moved
from songhe.rules.person import Setting, Truth, compile_condition
from songhe.rules.quantity import quantity
from songhe.rules.vocabulary import Value


@dataclass(frozen=True)
class Thing:
    """Something with facts that lies in a division; `id` is the number of its row."""

    id: int
    name: str
    division: int
    facts: Mapping[str, Value]


def things(subject: str, occasion: Occasion) -> list[Thing]:
    """All that were there on the day, in the order of their rows."""
    return list(_READERS[subject](occasion))


def count_things(one: Asked, occasion: Occasion, all_of_them: list[Thing]) -> dict[int, Amount]:
    judged = ((thing, truth) for thing, truth in told(one, occasion, all_of_them) if truth is not False)
    return spread((thing.division, _amount(one, occasion, thing, truth)) for thing, truth in judged)


def told(one: Asked, occasion: Occasion, all_of_them: list[Thing]) -> Iterator[tuple[Thing, Truth]]:
    """Of each whether it counts; None where that is not known."""
    package = occasion.package
    where = compile_condition(one.rule.where, Setting(occasion.day, package.figures, package.reading))
    meets = _meeting(one, occasion)
    for thing in all_of_them:
        yield thing, _both(where.truth(thing.facts), meets(thing))


def _amount(one: Asked, occasion: Occasion, thing: Thing, truth: Truth) -> Amount:
    if one.rule.total is None:
        return ONE if truth else MAYBE
    return sized(truth is True, quantity(one.rule.total, thing.facts, occasion.day, occasion.package.figures))


def _meeting(one: Asked, occasion: Occasion) -> Callable[[Thing], Truth]:
    standard, subject = one.rule.measure.meets, one.rule.subject
    if standard is None or subject is None:
        return lambda thing: True
    decide = standards_on(occasion.package, occasion.day, subject)

    def meets(thing: Thing) -> Truth:
        decision = next((found for found in decide(thing.facts) if found.rule.id == standard), None)
        if decision is None:
            return False
        return None if decision.answer == UNDETERMINED else decision.answer == MET

    return meets


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _institutions(occasion: Occasion) -> Iterator[Thing]:
    day = occasion.day
    there = Organisation.objects.filter(is_institution=True, opened_on__lte=day)
    there = there.filter(Q(closed_on=None) | Q(closed_on__gt=day), division__in=holding([occasion.division], day))
    facts, went = facts_of_all(there, day, occasion.known), moved(day)
    for one in there.order_by("pk"):
        place = went.get(one.division_id, one.division_id)
        yield Thing(one.pk, one.name, place or occasion.division, facts.get(one.pk, {}))


def _estates(occasion: Occasion) -> Iterator[Thing]:
    there = estates_in([occasion.division], occasion.day)
    for one in known_estates(there, occasion.day, occasion.known):
        yield Thing(one.estate.pk, one.estate.name, one.division_id, one.facts)


def _pools(occasion: Occasion) -> Iterator[Thing]:
    there = Pool.objects.filter(division__in=holding([occasion.division], occasion.day))
    for one in known_pools(there, occasion.day, occasion.known):
        yield Thing(one.pool.pk, one.pool.name, one.division_id, one.facts)


_READERS: dict[str, Callable[[Occasion], Iterator[Thing]]] = {
    INSTITUTION: _institutions,
    ESTATE: _estates,
    POOL: _pools,
}
