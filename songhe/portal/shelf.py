"""The packages the page offers: the cities first, marked examples after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from songhe.decision.person import Decider, make_decider
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.schema import City, Document

Report = Callable[[str, Exception | None], None]


@dataclass(frozen=True)
class Shelf:
    """Every package that loads; a faulty one is left out, so that nobody is decided on by it."""

    packages: tuple[Package, ...]

    @property
    def cities(self) -> tuple[Package, ...]:
        return tuple(package for package in self.packages if not is_example(package))

    @property
    def examples(self) -> tuple[Package, ...]:
        return tuple(package for package in self.packages if is_example(package))

    @property
    def in_order(self) -> tuple[Package, ...]:
        return self.cities + self.examples

    def find(self, id: str) -> Package | None:
        return next((package for package in self.packages if package.id == id), None)


_opened: list[Shelf] = []


def open_shelf(report: Report | None = None) -> Shelf:
    """The shelf, read once in the life of the process; `report` hears of each package as it is read."""
    if not _opened:
        _opened.append(_read(report or (lambda name, error: None)))
    return _opened[0]


def _read(report: Report) -> Shelf:
    packages = []
    for name in package_ids():
        try:
            package = load_package(name)
        except (PackageError, UnknownPackage) as error:
            report(name, error)
            continue
        if package.document.status != "national" and package.city is not None:
            packages.append(package)
        report(name, None)
    return Shelf(tuple(packages))


def is_example(package: Package) -> bool:
    return package.document.status == "example"


def place_of(package: Package) -> City:
    if package.city is None:
        raise ValueError(f"{package.id} speaks for no place")
    return package.city


def sources_of(package: Package) -> tuple[Document, ...]:
    """The documents behind it, its own first, without the national conventions."""
    return tuple(document for document in reversed(package.documents) if document.status != "national")


@lru_cache(maxsize=256)
def decider(package_id: str, day: dt.date) -> Decider:
    """The compiled rules for persons on a day."""
    package = open_shelf().find(package_id)
    if package is None:
        raise ValueError(f"{package_id} is not on the shelf")
    return make_decider(package, day)
