"""What a measure comes to in a place: what is sure, and what it would be if everything unknown counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from songhe.divisions.queries import Tree
from songhe.policy.package import Package
from songhe.policy.rule import MeasureRule

SIDES = ("numerator", "denominator", "widest")


@dataclass(frozen=True)
class Amount:
    """`possible` is None where something that counts has no known size, so that nobody can say how much at most."""

    sure: Fraction = Fraction(0)
    possible: Fraction | None = Fraction(0)

    def __add__(self, other: Amount) -> Amount:
        unlimited = self.possible is None or other.possible is None
        return Amount(self.sure + other.sure, None if unlimited else self.possible + other.possible)


ONE, MAYBE = Amount(Fraction(1), Fraction(1)), Amount(Fraction(0), Fraction(1))
UNLIMITED = Amount(Fraction(0), None)
# Division → amount; a division is named by its id.
Spread = Mapping[int, Amount]


@dataclass(frozen=True)
class Asked:
    """One measure of one indicator: `name` is `QTX-I-01.numerator`."""

    indicator: str
    side: str
    rule: MeasureRule

    @property
    def name(self) -> str:
        return f"{self.indicator}.{self.side}"


@dataclass(frozen=True)
class Occasion:
    """Where, when and as known when something is counted."""

    package: Package
    division: int
    day: dt.date
    known: dt.datetime | None


def asked_of(package: Package) -> Iterator[Asked]:
    """Every measure of a package, in the order of its indicators."""
    for id, computed in package.computed.items():
        for side in SIDES:
            rule = getattr(computed, side)
            if rule is not None:
                yield Asked(id, side, rule)


def spread(pairs: Iterable[tuple[int, Amount]]) -> dict[int, Amount]:
    """Amounts of one place added up."""
    found: dict[int, Amount] = {}
    for place, amount in pairs:
        found[place] = found.get(place, Amount()) + amount
    return found


def rolled_up(own: Spread, tree: Tree, top: int) -> dict[int, Amount]:
    """For `top` and every division below it what lies in it or below it; of none of them nothing is left out."""
    inside = tree.subtree([top])
    totals = {node.id: own.get(node.id, Amount()) for node in tree if node.id in inside}
    # Parents stand before their children in the tree: read backwards, a child is whole before its parent takes it.
    for id in reversed(list(totals)):
        parent = tree.node(id).parent
        if id != top and parent in totals:
            totals[parent] = totals[parent] + totals[id]
    return totals
