"""Whose indicators hold in a division, and of which level its figures are."""

from __future__ import annotations

import datetime as dt

from songhe.common.division import stem
from songhe.divisions.queries import Node, tree_on
from songhe.entitlement.applicable import packages_on
from songhe.policy.package import Package

LEVELS = {2: "city", 3: "county", 4: "town", 5: "village"}


def packages_for(division_id: int, day: dt.date) -> list[Package]:
    """Every package that speaks for a division and has indicators, in the order of `packages_on`.

    Also those that do not hold on the day: what is measured before a plan begins, or after its end, is shown.
    """
    return [package for package in packages_on(division_id, day) if package.indicators]


def package_for(division_id: int, day: dt.date) -> Package | None:
    """Whose indicators hold there on a day; None where no package speaks for the place."""
    return next(iter(packages_for(division_id, day)), None)


def is_own_place(package: Package, node: Node) -> bool:
    """Whether the package speaks for this very division, and not for one above it."""
    return package.city is not None and stem(package.city.division) == stem(node.code)


def level_for(package: Package, node: Node) -> str:
    """The level that a reading is of, as a target names it; the document's own place is its `city`."""
    return "city" if is_own_place(package, node) else LEVELS.get(node.level, "city")


def place_of(package: Package, day: dt.date) -> Node | None:
    """The division that the package speaks for."""
    return None if package.city is None else tree_on(day).find(package.city.division)
