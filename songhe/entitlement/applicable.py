"""Which packages speak for a division: for it or for what lies above it, and in which order, for every room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

from songhe.common import clock
from songhe.common.division import stem
from songhe.common.memory import remembered
from songhe.divisions.queries import tree_on
from songhe.entitlement.worths import day_of
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import chain, package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.yamlfile import read_yaml


def packages_for(county: int, month: int | None = None) -> list[Package]:
    """Those a county may decide by, as they rank today; with a month, those in force on the day that decides it."""
    found = packages_on(county, clock.today())
    return [one for one in found if month is None or one.document.in_force.contains(day_of(one, month))]


def packages_on(division: int, day: dt.date) -> list[Package]:
    """Every package that speaks for a division as it lay on a day, the one that holds first.

    Documents come before marked examples, what holds on the day before what does not, the nearest place before those
    above it, and the latest before what it follows. A package that does not load is left out: nobody is to be decided
    on by it.
    """
    found = remembered(("packages", division, day), lambda: list(_speaking_for(_codes(division, day))))
    return sorted(found, key=lambda package: _rank(package, day))


def speaking_around(divisions: Iterable[int], day: dt.date) -> tuple[tuple[str, str], ...]:
    """Id and hash of every package that speaks for any of these divisions, in as little reading as for one."""
    codes = {code for division in divisions for code in _codes(division, day)}
    return tuple((package.id, package.hash) for package in _speaking_for(codes))


def holds(package: Package, day: dt.date) -> bool:
    """In force and signed; a day that is not written is every day."""
    return package.document.in_force.contains(day) and _signed(package) <= day


def _signed(package: Package) -> dt.date:
    return package.document.signed or dt.date.min


def _rank(package: Package, day: dt.date) -> tuple[bool, bool, int, int, str]:
    nearness = len(stem(package.city.division)) if package.city else 0
    is_example = package.document.status == "example"
    return is_example, not holds(package, day), -nearness, -_signed(package).toordinal(), package.id


def _codes(division: int, day: dt.date) -> set[str]:
    """The codes of a division and of all above it on the day, and of the same ones today: packages name either."""
    then, now = tree_on(day), tree_on()
    path = (then if division in then else now).path(division) if division in then or division in now else ()
    return {node.code for node in path} | {one.code for node in path if (one := now.get(node.id)) is not None}


def elsewhere(county: int) -> list[Package]:
    """The documents of other cities, whose rules can be tried out on the people here; examples are left out."""
    tree = tree_on()
    stems = [stem(node.code) for node in tree.path(county)] if county in tree else []
    here = stems[-1] if stems else ""
    found = []
    for name in package_ids():
        try:
            place = place_of(name)
            if place is None or here.startswith(stem(place)) or stem(place).startswith(here):
                continue
            package = load_package(name)
        except (PackageError, UnknownPackage):
            continue
        if package.document.status == "document":
            found.append(package)
    return found


def _speaking_for(codes: set[str]) -> Iterator[Package]:
    for name in package_ids():
        # Its place first: to load a package means to check all of it.
        try:
            if place_of(name) in codes:
                yield load_package(name)
        except (PackageError, UnknownPackage):
            continue


@lru_cache(maxsize=64)
def place_of(name: str) -> str | None:
    """The code of the place it speaks for: its own, or that of what it is laid over."""
    for folder in reversed(chain(name)):
        document = read_yaml(folder / "document.yaml").data
        if isinstance(document, dict) and isinstance(city := document.get("city"), dict):
            return str(city.get("division"))
    return None
