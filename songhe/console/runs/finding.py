"""Opening a run, a job or a division by its address: what is out of reach looks like nothing at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from songhe.accounts.models import User
from songhe.accounts.scope import Action, divisions_for, visible
from songhe.common.text import Text, say
from songhe.decision.months import deciding_day
from songhe.divisions.queries import Node, tree_on
from songhe.entitlement.applicable import elsewhere, packages_for
from songhe.entitlement.models import Job, Run
from songhe.entitlement.months import month_of
from songhe.policy.compare.rows import load_rows
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package

CITY, COUNTY = 2, 3


def run_of(request: HttpRequest, run_id: UUID, action: Action = Action.RUN_READ) -> Run:
    every = Run.objects.select_related("made_by", "base", "known_in")
    found = visible(every, request.user, action).filter(public_id=run_id).first()
    if found is None:
        raise Http404
    return found


def job_of(request: HttpRequest, job_id: UUID, kind: str) -> Job:
    every = Job.objects.select_related("by", "run").filter(public_id=job_id, kind=kind)
    found = visible(every, request.user, Action.RUN_READ).first()
    if found is None:
        raise Http404
    return found


def counties_of(user: User, action: Action) -> list[Node]:
    """The counties in which the user may do this, in the order of the tree."""
    within, tree = divisions_for(user, action), tree_on()
    return [node for node in tree if node.level == COUNTY and node.id in within]


def tried_in(user: User) -> list[Node]:
    """Where the user may try out a reform: those counties, and before them the cities that are wholly within reach."""
    within, tree = divisions_for(user, Action.RUN_MAKE), tree_on()
    return [node for node in tree if node.level in (CITY, COUNTY) and node.id in within]


def package_of(run: Run) -> Package | None:
    """The package of a run as it is today; None when it is not there any more."""
    return loaded(run.package)


def day_of_run(run: Run) -> dt.date:
    """The day that decided the run's own month; its last where the package is not there any more."""
    package = package_of(run)
    return deciding_day(month_of(run.month), package.month_decided_by if package else "last_day")


def loaded(id: str) -> Package | None:
    try:
        return load_package(id)
    except (PackageError, UnknownPackage):
        return None


def options(county: int) -> Sequence[tuple[str, Text]]:
    """The packages that speak for a county, as choices of a form."""
    return [(one.id, named(one)) for one in packages_for(county)]


def options_elsewhere(county: int) -> Sequence[tuple[str, Text]]:
    """Other cities' documents, as choices of a form."""
    return [(one.id, _of_city(named(one))) for one in elsewhere(county)]


def _of_city(name: Text) -> Text:
    return say(f"别市规则：{name.zh}", f"another city’s rules: {name.en}")


def named(package: Package) -> Text:
    title = package.document.title
    return say(f"{title.zh}（{package.id}）", f"{title.en} ({package.id})")


def title_of(id: str) -> Text:
    """A package's title; its id when it is not there any more."""
    package = loaded(id)
    return say(id, id) if package is None else package.document.title


def item_name(package: Package | None, item: str) -> Text:
    """The name of an item, or of a row of the comparison under which two cities' items stand together."""
    if name := _rows().get(item):
        return name
    if package is None or item not in package.entitlements:
        return say(item or "—", item or "—")
    return package.entitlements[item].name


def _rows() -> Mapping[str, Text]:
    try:
        return load_rows().names
    except PackageError:
        return {}


def page_of(run: Run) -> str:
    return reverse("console:run", args=[run.public_id])
