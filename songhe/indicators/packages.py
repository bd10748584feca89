"""Whose indicators hold in a division: documents before examples, the nearest place first, what is in force first."""

from __future__ import annotations

import datetime as dt

from songhe.common import clock
from songhe.common.division import stem
from songhe.common.memory import remembered
from songhe.divisions.queries import Node, carry, tree_on
from songhe.entitlement.applicable import packages_for as _speaking_for
from songhe.policy.package import Package

LEVELS = {2: "city", 3: "county", 4: "town", 5: "village"}


def packages_for(division_id: int, day: dt.date) -> list[Package]:
    """Every package that speaks for a division or for what lies above it, the one that holds first."""
    found = remembered(("packages", division_id), lambda: _speaking_for(_today(division_id, day)))
    with_indicators = [package for package in found if package.indicators]
    return sorted(with_indicators, key=lambda package: _rank(package, day))


def package_for(division_id: int, day: dt.date) -> Package | None:
    """Whose indicators hold there on a day; None where no package speaks for the place."""
    return next(iter(packages_for(division_id, day)), None)


def is_own_place(package: Package, node: Node) -> bool:
    """Whether the package speaks for this very division, and not for one above it."""
    city = next((one.city for one in reversed(package.documents) if one.city is not None), None)
    return city is not None and stem(city.division) == stem(node.code)


def level_for(package: Package, node: Node) -> str:
    """The level that a reading is of, as a target names it; the document's own place is its `city`."""
    return "city" if is_own_place(package, node) else LEVELS.get(node.level, "city")


def place_of(package: Package, day: dt.date) -> Node | None:
    """The division that the package speaks for."""
    city = next((one.city for one in reversed(package.documents) if one.city is not None), None)
    return None if city is None else tree_on(day).find(city.division)


def _today(division_id: int, day: dt.date) -> int:
    """What a division of that day is today: packages are found by the codes of today."""
    if division_id in tree_on():
        return division_id
    return next(iter(carry(division_id, day, clock.today())), division_id)


def _rank(package: Package, day: dt.date) -> tuple[bool, bool, int, str]:
    city = next((one.city for one in reversed(package.documents) if one.city is not None), None)
    nearness = len(stem(city.division)) if city else 0
    return package.document.status == "example", not package.document.in_force.contains(day), -nearness, package.id
