"""Counting in the background: asked for on a page and done by the worker of imports, or done every night."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django_tasks import task

from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope
from songhe.divisions.queries import tree_on
from songhe.entitlement.files import home
from songhe.indicators.domain import ordering
from songhe.indicators.domain.computing import FOLDER, compute
from songhe.indicators.domain.storing import last_of
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Computation, Order
from songhe.indicators.months import last_month_end, month_ends
from songhe.indicators.packages import place_of
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.registry.snapshot import SnapshotError

_log = logging.getLogger("django.songhe.indicators")
_KEPT = dt.timedelta(days=1)


@transaction.atomic
def start(**asked: Any) -> Order:
    """As `songhe.indicators.domain.ordering.order`, and into the queue."""
    made = ordering.order(**asked)
    work_on.enqueue(made.pk)
    return made


@task()
def work_on(order_id: int) -> None:
    """What the worker does; doing it twice does nothing."""
    made = Order.objects.select_related("by").get(pk=order_id)
    if not ordering.claim(made):
        return
    try:
        count_months(
            by=made.by,
            package=load_package(made.package),
            division=made.division_id,
            last=made.last,
            months=made.months,
            report=lambda done: ordering.note(made, done),
        )
        ordering.end(made)
    except IndicatorError as error:
        ordering.end(made, error.zh, error.en)
    except SnapshotError as error:
        zh, _, en = str(error).partition("： ")
        ordering.end(made, f"{zh}。", en or str(error))
    except OutOfScope:
        ordering.end(made, "您已没有这项权限。", "You may not do this any more.")
    except Exception as error:
        # The kind alone: a message may hold somebody's fact.
        _log.error("order %s broke down: %s", made.public_id, type(error).__name__)
        ordering.end(made, "处理中出现内部错误，请联系技术人员。", "An internal error: tell the technicians.")


def count_months(
    *,
    by: User | None,
    package: Package,
    division: int,
    last: dt.date,
    months: int = 1,
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Each month by its last day, oldest first; how many computations are new. A month counted before stays."""
    new = 0
    for done, day in enumerate(month_ends(last, months), start=1):
        if division in tree_on(day):
            _, is_new = compute(by=by, package=package, division=division, day=day)
            new += is_new
        report(done)
    return new


def count_last_month() -> str:
    """What the daily upkeep does: every document's place, for the month that ended last, once.

    One that fails keeps no other from being counted; RuntimeError names the packages that failed.
    """
    day, counted, failed = last_month_end(), 0, []
    for package, division in due(day):
        try:
            _, is_new = compute(by=None, package=package, division=division, day=day)
            counted += is_new
        except (IndicatorError, SnapshotError) as error:
            _log.error("indicators of %s were not counted: %s", package.id, type(error).__name__)
            failed.append(package.id)
    if failed:
        raise RuntimeError(f"not counted: {', '.join(failed)}")
    return f"{counted:,} places"


def due(day: dt.date) -> Iterator[tuple[Package, int]]:
    """Packages in force whose place is on this platform and was not counted for the day yet."""
    for name in package_ids():
        try:
            package = load_package(name)
        except (PackageError, UnknownPackage):
            continue
        node = place_of(package, day)
        if node is None or not package.computed or not package.document.in_force.contains(day):
            continue
        if package.document.status != "example" and last_of(package.id, node.id, day) is None:
            yield package, node.id


def sweep(*, now: dt.datetime) -> int:
    """Delete lists of a day ago and older that no computation names. How many went."""
    before = (now - _KEPT).timestamp()
    old = [path for path in (home() / FOLDER).glob("*") if path.is_dir() and path.stat().st_mtime < before]
    named = set(Computation.objects.values_list("folder", flat=True)) if old else set()
    lost = [path for path in old if f"{FOLDER}/{path.name}" not in named]
    for path in lost:
        shutil.rmtree(path, ignore_errors=True)
    return len(lost)
