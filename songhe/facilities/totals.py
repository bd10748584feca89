"""What is lacking in all, by county and standard, and which facts would settle what is open."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from songhe.decision.person import UNDETERMINED
from songhe.decision.standard import MET, NOT_MET
from songhe.divisions.models import Level
from songhe.divisions.queries import Node, tree_on
from songhe.facilities.queries import Finding, shortfalls_among
from songhe.policy.rule import StandardRule


@dataclass
class Total:
    """Of one standard in one county: how many answer what, and the sum of what is lacking, exactly.

    `pooled` things fall short by themselves but are answered for by an approved pool, and are not in the sums.
    """

    county: Node | None
    rule: StandardRule
    met: int = 0
    not_met: int = 0
    undetermined: int = 0
    pooled: int = 0
    lacking: Fraction = Fraction(0)
    planned: Fraction = Fraction(0)
    remains: Fraction = Fraction(0)


def totals(found: Iterable[Finding], day: dt.date) -> list[Total]:
    """By county in the order of the tree, then by standard in the order of the package; subsidies are left out."""
    tree, kept = tree_on(day), [one for one in found if not one.rule.is_subsidy]
    sums: dict[tuple[int | None, str], Total] = {}
    place_of = {place: tree.at_level(place, Level.COUNTY) for place in {one.division_id for one in kept}}
    for one in kept:
        county = place_of[one.division_id]
        key = (county.id if county else None, one.rule.id)
        _count(sums.setdefault(key, Total(county, one.rule)), one)
    for short in shortfalls_among(kept, day):
        total = sums[(short.county.id if short.county else None, short.standard)]
        if short.counts:
            total.lacking += short.shortfall or 0
            total.planned += min(short.planned, short.shortfall or Fraction(0))
            total.remains += short.remains or 0
    counties = {node.id: number for number, node in enumerate(tree)}
    standards = {id: number for number, id in enumerate(kept[0].package.standard_rules)} if kept else {}
    return sorted(sums.values(), key=lambda one: (_at(counties, one.county), standards[one.rule.id]))


def _at(counties: dict[int, int], county: Node | None) -> int:
    return -1 if county is None else counties[county.id]


def _count(total: Total, one: Finding) -> None:
    if one.answer == MET:
        total.met += 1
    elif one.answer == UNDETERMINED:
        total.undetermined += 1
    elif one.answer == NOT_MET and one.pool is None:
        total.not_met += 1
    else:
        total.pooled += 1


def facts_wanted(found: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """(subject, fact, for how many things) that leave a standard open, most wanted first."""
    wanted: Counter[tuple[str, str]] = Counter()
    seen = set()
    for one in found:
        for name in one.decision.found.missing if one.answer == UNDETERMINED else ():
            if (key := (one.subject, one.thing.pk, name)) not in seen:
                seen.add(key)
                wanted[one.subject, name] += 1
    return [(subject, name, number) for (subject, name), number in wanted.most_common()]
