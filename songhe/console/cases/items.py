"""The items that cases within reach are about, for a list to choose from."""

from __future__ import annotations

from songhe.accounts.models import User
from songhe.casework.queries.desk import cases_for
from songhe.common.text import Text
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package


def items_of(user: User) -> list[tuple[str, Text]]:
    """Id and name of each item once, in the order of their ids."""
    found = cases_for(user).exclude(item="").order_by().values_list("package", "item").distinct()
    return sorted({item: item_name(package, item) for package, item in found}.items())


def item_name(package: str, item: str) -> Text:
    try:
        found = load_package(package)
        return (found.entitlements.get(item) or found.standards[item]).name
    except (UnknownPackage, PackageError, KeyError):
        # A package can be taken away; its cases stay.
        return Text(zh=item, en=item)
