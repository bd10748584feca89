"""Whose tasks hold at a place on a day."""

from __future__ import annotations

import datetime as dt

from songhe.divisions.queries import Node, Tree
from songhe.entitlement.applicable import holds, packages_on
from songhe.policy.package import Package


def packages_with_tasks(division_id: int, day: dt.date) -> list[Package]:
    """Those that hold there on the day and have tasks, in the order of `packages_on`."""
    # Nobody can owe a task before the document was signed.
    return [package for package in packages_on(division_id, day) if package.tasks and holds(package, day)]


def package_for(division_id: int, day: dt.date) -> Package | None:
    """The package whose tasks hold there on the day; None when no document says any."""
    return next(iter(packages_with_tasks(division_id, day)), None)


def city_of(package: Package, tree: Tree) -> Node | None:
    """The place whose document it is, on the day of the tree."""
    return tree.find(package.city.division) if package.city is not None else None
