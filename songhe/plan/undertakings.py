"""Who has to do a task where (承担事项): a row of a package at the city, and at each county or town it names together.

Nothing here is stored: it follows from the package and the tree of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from songhe.divisions.codes import COUNTY, TOWN
from songhe.divisions.queries import Node, Tree
from songhe.policy.package import Package
from songhe.policy.schema import Task, Unit

# What a place is to a row: the row as a whole, one of those that lead or cooperate together, or a place below those.
WHOLE, LEAD, COOPERATING, BELOW = "whole", "lead", "cooperating", "below"
_LEVELS = {"county": COUNTY, "town": TOWN}


@dataclass(frozen=True)
class Undertaking:
    """A task at a place; `units` are the names under which the document means the place, none when it names nobody."""

    task: Task
    node: Node
    duty: str
    units: tuple[str, ...]


def whole(package: Package, task: Task, city: Node) -> Undertaking:
    """The row at the city, with the units that are no collective names."""
    own = tuple(name for name in (*task.lead, *task.cooperating) if package.units[name].each is None)
    return Undertaking(task, city, WHOLE, own)


def parts(package: Package, task: Task, city: Node, tree: Tree) -> Iterator[Undertaking]:
    """The row at each place that a collective name stands for; whoever leads there does not cooperate as well."""
    seen: set[int] = set()
    for duty, names in ((LEAD, task.lead), (COOPERATING, task.cooperating)):
        for name in names:
            for node in _meant(package.units[name], city, tree):
                if node.id not in seen:
                    seen.add(node.id)
                    yield Undertaking(task, node, duty, (name,))


def at(package: Package, task: Task, node: Node, city: Node, tree: Tree) -> Undertaking | None:
    """The row at one place; None where it asks for nothing there."""
    if node.id == city.id:
        return whole(package, task, city)
    found = {one.node.id: one for one in parts(package, task, city, tree)}
    if node.id in found:
        return found[node.id]
    above = next((found[one.id] for one in reversed(tree.path(node.id)) if one.id in found), None)
    if above is None or above.duty != LEAD or node.level > TOWN:
        return None
    return Undertaking(task, node, BELOW, above.units)


def above(node: Node, city: Node, tree: Tree) -> Node:
    """The level to which a place reports; the city answers to itself."""
    return node if node.id == city.id or node.parent is None else tree.node(node.parent)


def _meant(unit: Unit, city: Node, tree: Tree) -> tuple[Node, ...]:
    return () if unit.each is None else _below(tree, city.id, _LEVELS[unit.each], unit.committees)


# A tree of memory is another one after every change of the divisions, so nothing kept here can be out of date.
@lru_cache(maxsize=16)
def _below(tree: Tree, city: int, level: int, committees: bool) -> tuple[Node, ...]:
    """The places of a level below the city, with or without management committees."""
    inside = tree.subtree([city]) - {city}
    return tuple(node for node in tree.level(level) if node.id in inside and (committees or not node.is_committee))
