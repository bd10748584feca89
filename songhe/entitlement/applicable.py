"""Which packages a county may decide a month by: those that speak for it or for what lies above it."""

from __future__ import annotations

from songhe.divisions.queries import tree_on
from songhe.entitlement.worths import day_of
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package


def packages_for(county: int, month: int | None = None) -> list[Package]:
    """Documents first, marked examples after them; with a month, those in force on the day that decides it.

    A package that does not load is left out: nobody is to be decided on by it.
    """
    tree = tree_on()
    codes = {node.code for node in tree.path(county)} if county in tree else set()
    found = [package for package in _all() if _place_of(package) in codes]
    if month is not None:
        found = [package for package in found if package.document.in_force.contains(day_of(package, month))]
    return sorted(found, key=lambda package: (package.document.status == "example", package.id))


def _all() -> list[Package]:
    packages = []
    for name in package_ids():
        try:
            packages.append(load_package(name))
        except (PackageError, UnknownPackage):
            continue
    return packages


def _place_of(package: Package) -> str | None:
    """The code of the place it speaks for: its own, or that of what it is laid over."""
    return next((document.city.division for document in reversed(package.documents) if document.city), None)
