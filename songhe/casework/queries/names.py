"""What things of a case are called."""

from __future__ import annotations

from songhe.casework.models import Case, Kind
from songhe.casework.stored import procedure_of
from songhe.common.text import Text
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package


def matter_of(case: Case) -> Text:
    """The item as its package calls it, or the kind of case where there is no item."""
    if case.item and case.package:
        try:
            package = load_package(case.package)
            named = package.standards if case.kind == Kind.SUBSIDY else package.entitlements
            return named[case.item].name
        except (UnknownPackage, PackageError, KeyError):
            # A package can be taken away; its cases stay.
            return Text(zh=case.item, en=case.item)
    return procedure_of(case).name


def step_of(case: Case, step: str) -> Text:
    return procedure_of(case).step(step).name
