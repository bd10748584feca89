"""Loading a package by its name, once per process."""

from __future__ import annotations

from functools import lru_cache

from songhe.policy.build import build_package
from songhe.policy.package import Package


@lru_cache(maxsize=32)
def load_package(name: str) -> Package:
    """The package of that id (or folder path). Raises UnknownPackage, or PackageError with every problem found."""
    return build_package(name)
