"""Which cases are about an item of a package: those under what it is laid over and under what is laid over it count.

An item is the same where it comes from the same text: a county's overlay pays a case that was granted under the city's
document, and the other way round; two overlays of one document share the items which that document has.
"""

from __future__ import annotations

from collections.abc import Iterable

from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package


def same_items(package: Package, others: Iterable[str]) -> list[tuple[str, str]]:
    """(package id, item) of every item of the package, by each name among `others` under which it is the same."""
    items = [rule.id for rule in package.rules_for("person")]
    return [(name, item) for name in others for item in items if _is_same(package, name, item)]


def _is_same(package: Package, name: str, item: str) -> bool:
    if name in package.layers:
        return True
    other = _loaded(name)
    if other is None or item not in other.entitlements:
        return False
    if package.id in other.layers:
        return True
    return any(_has(layer, item) for layer in package.layers if layer in other.layers)


def _has(layer: str, item: str) -> bool:
    base = _loaded(layer)
    return base is not None and item in base.entitlements


def _loaded(name: str) -> Package | None:
    try:
        return load_package(name)
    except (UnknownPackage, PackageError):
        # A package can be taken away; its cases stay.
        return None
