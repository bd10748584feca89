"""Which packages a county may decide a month by: those that speak for it or for what lies above it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from songhe.common.division import stem
from songhe.divisions.queries import tree_on
from songhe.entitlement.worths import day_of
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import chain, package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.yamlfile import read_yaml


def packages_for(county: int, month: int | None = None) -> list[Package]:
    """Documents first, marked examples after them; with a month, those in force on the day that decides it.

    A package that does not load is left out: nobody is to be decided on by it.
    """
    tree = tree_on()
    codes = {node.code for node in tree.path(county)} if county in tree else set()
    found = list(_speaking_for(codes))
    if month is not None:
        found = [package for package in found if package.document.in_force.contains(day_of(package, month))]
    return sorted(found, key=lambda package: (package.document.status == "example", package.id))


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
