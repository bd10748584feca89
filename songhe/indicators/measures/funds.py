"""Welfare lottery money (福利彩票公益金): what came in this year and what of it went to elderly care, in yuan.

Every level counts its own fund; none is part of another's.
"""

from __future__ import annotations

from fractions import Fraction

from songhe.divisions.models import Level
from songhe.divisions.queries import tree_on
from songhe.indicators.measures.amounts import Amount, Asked, Occasion
from songhe.payment.models import Fund
from songhe.payment.queries import lottery_flows

_LEVELS = {Level.CITY: Fund.Level.CITY, Level.COUNTY: Fund.Level.COUNTY, Level.TOWN: Fund.Level.TOWN}


def count_funds(one: Asked, occasion: Occasion) -> dict[int, Amount]:
    """By the division that manages the fund; where there is none nothing is known."""
    found = {}
    for fund in funds(occasion):
        received, cared = lottery_flows(fund, occasion.day)
        fen = received if one.rule.measure.flow == "received" else cared
        found[fund.division_id] = Amount(Fraction(fen, 100), Fraction(fen, 100))
    return found


def funds(occasion: Occasion) -> list[Fund]:
    """The welfare lottery fund of the year of each division for which it is its own level's."""
    tree = tree_on(occasion.day)
    inside = tree.subtree([occasion.division])
    kept = Fund.objects.filter(kind=Fund.Kind.WELFARE_LOTTERY, year=occasion.day.year, division__in=inside)
    return [fund for fund in kept.order_by("pk") if _LEVELS.get(Level(tree.node(fund.division_id).level)) == fund.level]
