"""By which package, where and for which day a page of facilities speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, QueryDict

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.facilities.forms import Asking
from songhe.console.places import written
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.entitlement.applicable import packages_on
from songhe.facilities.facts import ESTATE, POOL
from songhe.organisations.facts import SUBJECT as INSTITUTION
from songhe.policy.errors import PackageError
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package

_SUBJECTS = {ESTATE, POOL, INSTITUTION}


@dataclass(frozen=True)
class Asked:
    """What was asked, with what holds where nothing was: the user's place, its package, today."""

    form: Asking
    place: Node | None
    package: Package | None
    day: dt.date

    @property
    def is_examples(self) -> bool:
        return self.package is not None and self.package.document.status == "example"


def asked(
    request: HttpRequest, kind: type[Asking] = Asking, *, action: Action = Action.ESTATE_READ, place: Node | None = None
) -> Asked:
    """From the address of a page; what cannot be read is told of beside the form, and what holds otherwise is used."""
    within = divisions_for(request.user, action)
    form = kind(request.GET, within=within, packages=list(_named()))
    if place is not None:
        # What lies somewhere already is asked about there.
        del form.fields["division"]
    form.full_clean()
    given = form.cleaned_data
    chosen = given.get("division") or place or _usual(request.user, within)
    day = given.get("on") or clock.today()
    package = _package(given.get("policy") or "", chosen, day)
    form.data = _shown(request.GET, package, chosen, day)
    return Asked(form, chosen, package, day)


def _shown(given: QueryDict, package: Package | None, place: Node | None, day: dt.date) -> QueryDict:
    """The form's values with what holds where nothing was given."""
    data = given.copy()
    usual = {
        "policy": package.id if package else "",
        "division": written(tree_on(), place) if place else "",
        "on": day.isoformat(),
    }
    for name, value in usual.items():
        if not data.get(name):
            data[name] = value
    return data


def _usual(user: User, within: frozenset[int]) -> Node | None:
    tree = tree_on()
    if user.division_id in within and (own := tree.get(user.division_id)) is not None:
        return own
    return _first(tree, within)


@lru_cache(maxsize=200)
def _first(tree: Tree, within: frozenset[int]) -> Node | None:
    return next((node for node in tree if node.id in within), None)


def _package(id: str, place: Node | None, day: dt.date) -> Package | None:
    if id:
        return load_package(id)
    return package_with_standards(place.id, day) if place is not None else None


def package_with_standards(division: int, day: dt.date) -> Package | None:
    """Whose standards are asked for at a place when none is named: the first that speaks for it and has any."""
    return next(filter(_has_standards, packages_on(division, day)), None)


def _named() -> Iterator[tuple[str, Text]]:
    """Packages with standards that can be decided; examples are marked."""
    for id in package_ids():
        try:
            package = load_package(id)
        except PackageError:
            continue
        if _has_standards(package):
            title = package.document.title
            mark = package.document.status == "example"
            yield id, say(f"{title.zh}（示例）", f"{title.en} (example)") if mark else title


def _has_standards(package: Package) -> bool:
    return any(rule.is_computable and rule.standard.subject in _SUBJECTS for rule in package.standard_rules.values())
