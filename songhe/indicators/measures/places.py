"""Divisions counted, in the tree of the day."""

from __future__ import annotations

from songhe.divisions.models import Level
from songhe.divisions.queries import Node, tree_on
from songhe.indicators.measures.amounts import ONE, Amount, Asked, Occasion

# The last three digits of a code say what it is (统计用区划代码): streets, towns and townships without farms
# and parks; residents' committees, villagers' committees.
_RANGES = {"town": (1, 399), "community": (1, 199), "village": (200, 399)}
_LEVELS = {"county": Level.COUNTY, "town": Level.TOWN, "community": Level.VILLAGE, "village": Level.VILLAGE}


def count_places(one: Asked, occasion: Occasion) -> dict[int, Amount]:
    return {node.id: ONE for node in places(one, occasion)}


def places(one: Asked, occasion: Occasion) -> list[Node]:
    """Those of the measure's level in the division, itself included."""
    tree, level = tree_on(occasion.day), one.rule.measure.level
    assert level is not None
    inside = tree.subtree([occasion.division])
    return [node for node in tree.level(_LEVELS[level]) if node.id in inside and _is_one(node, level)]


def _is_one(node: Node, level: str) -> bool:
    if level not in _RANGES:
        return not node.is_committee
    first, last = _RANGES[level]
    return first <= int(node.code[-3:]) <= last
