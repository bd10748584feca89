"""Handing a case over to another division (移交): the person moved, or the divisions did."""

from __future__ import annotations

import datetime as dt

from songhe.casework import flow
from songhe.casework.domain.acting import Actor, Said, holding
from songhe.casework.models import Act, Case
from songhe.divisions.models import Division, Level
from songhe.divisions.queries import tree_on
from songhe.registry.places import moved


def hand_over(*, by: Actor, case: Case, to: Division, reason: str) -> None:
    """To another division (移交), by staff who may verify here. In another county it begins again at the first step.

    Those who vouch for it there must have looked themselves. Raises OutOfScope, Incomplete and NotAllowed.
    """
    text = flow.require_text(reason, "移交的理由", "the reason")
    with holding(by, case) as held:
        held.allow("case.verify")
        same = county_of(held.case.division_id, held.today) == county_of(to.pk, held.today)
        after = held.place if same else flow.transferred(held.procedure, held.place, held.today)
        said = Said(step=held.case.step, ends=False, reason=text, details={"from": held.case.division_id, "to": to.pk})
        held.case.division = to
        held.act(Act.Verb.TRANSFERRED, after, said)


def county_of(division: int, today: dt.date) -> int | None:
    """The county in which a division lies today, also one that has gone; None when that cannot be said."""
    division = moved(today).get(division, division) or division
    tree = tree_on(today)
    county = tree.at_level(division, Level.COUNTY) if division in tree else None
    return None if county is None else county.id
