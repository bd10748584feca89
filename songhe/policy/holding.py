"""Which packages hold for a place: documents alone; examples hold nowhere."""

from __future__ import annotations

from songhe.common.division import within
from songhe.policy.errors import PackageError
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package


def packages_at(code: str) -> list[Package]:
    """The packages of a place (its division code); where a county's own stands on the city's, only the county's."""
    found = [package for id in package_ids() if (package := _holding(id, code)) is not None]
    below = {layer for package in found for layer in package.layers if layer != package.id}
    return [package for package in found if package.id not in below]


def _holding(id: str, code: str) -> Package | None:
    try:
        package = load_package(id)
    except PackageError:
        return None
    city = None if package.document.status == "example" else package.document.city
    return package if city is not None and city.division and within(code, city.division) else None
