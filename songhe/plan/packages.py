"""Whose tasks hold at a place on a day: documents before examples, the latest one before those it follows."""

from __future__ import annotations

import datetime as dt

from songhe.divisions.queries import Node, Tree, tree_on
from songhe.entitlement.applicable import packages_for
from songhe.policy.package import Package


def packages_with_tasks(division_id: int, day: dt.date) -> list[Package]:
    """Those that speak for the place on the day and have tasks, the one that holds first."""
    found = [package for package in packages_for(_still_there(division_id, day)) if _holds(package, day)]
    return sorted(found, key=lambda one: (one.document.status == "example", -_signed(one).toordinal(), one.id))


def package_for(division_id: int, day: dt.date) -> Package | None:
    """The package whose tasks hold there on the day; None when no document says any."""
    return next(iter(packages_with_tasks(division_id, day)), None)


def city_of(package: Package, tree: Tree) -> Node | None:
    """The place whose document it is, on the day of the tree."""
    return tree.find(package.city.division) if package.city is not None else None


def _holds(package: Package, day: dt.date) -> bool:
    """Nobody can owe a task before the document was signed; where that is not written, it holds on every day."""
    return bool(package.tasks) and package.document.in_force.contains(day) and _signed(package) <= day


def _signed(package: Package) -> dt.date:
    return package.document.signed or dt.date.min


def _still_there(division_id: int, day: dt.date) -> int:
    """The place itself, or what was above it on the day and still is."""
    then, now = tree_on(day), tree_on()
    path = then.path(division_id) if division_id in then else ()
    return next((node.id for node in reversed(path) if node.id in now), division_id)
