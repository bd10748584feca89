"""Applications decided, as of a day: those of some items that were granted or refused, or the households of them."""

from __future__ import annotations

import datetime as dt

from songhe.casework.models import Case, Kind
from songhe.facilities.facts import holding
from songhe.indicators.measures.amounts import ONE, Amount, Asked, Occasion, spread
from songhe.registry.models import Membership
from songhe.registry.places import moved


def count_cases(one: Asked, occasion: Occasion) -> dict[int, Amount]:
    """By the division that handles them; of a household the first one counts."""
    places = moved(occasion.day)
    seen: set[object] = set()
    counted = []
    for case, unit in zip(found := cases(one, occasion), _units(one, found, occasion.day), strict=True):
        if unit not in seen:
            seen.add(unit)
            counted.append((places.get(case.division_id, case.division_id) or occasion.division, ONE))
    return spread(counted)


def cases(one: Asked, occasion: Occasion) -> list[Case]:
    """Those that stand on the day, oldest first: what was decided anew after an appeal stands in place of the first."""
    indicator, measure = occasion.package.indicators[one.indicator], one.rule.measure
    decided = Case.objects.filter(kind=Kind.BENEFIT, item__in=measure.items, package__in=occasion.package.layers)
    decided = decided.filter(outcome=measure.outcome, decided_on__lte=occasion.day)
    since = _since(indicator.per, indicator.cumulative_from, occasion.day)
    if since is not None:
        decided = decided.filter(decided_on__gte=since)
    anew = Case.objects.filter(about__about__isnull=False, decided_on__lte=occasion.day)
    standing = decided.exclude(pk__in=anew.values("about__about"))
    inside = holding([occasion.division], occasion.day)
    return list(standing.filter(division__in=inside).order_by("decided_on", "pk"))


def _since(per: str | None, cumulative_from: dt.date | None, day: dt.date) -> dt.date | None:
    if per == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if per == "year" else cumulative_from


def _units(one: Asked, found: list[Case], day: dt.date) -> list[object]:
    """What each case counts as: itself, or the household of the person, of whom none is known the person alone."""
    if one.rule.measure.per != "household":
        return [case.pk for case in found]
    people = [case.person_id for case in found if case.person_id]
    held = Membership.objects.filter(person__in=people, valid_from__lte=day)
    households = dict(held.order_by("valid_from").values_list("person_id", "household_id"))
    return [
        ("household", households[case.person_id]) if case.person_id in households else ("person", case.person_id)
        for case in found
    ]
