"""Reading indicators within the viewer's reach: how each stands, its months, and the divisions below.

The number of queries does not grow with villages or months: each division has one row a day with all figures of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.divisions.queries import Node, tree_on
from songhe.indicators.definitions import definition_for, definitions_over
from songhe.indicators.gathering import stand_in, tree_of
from songhe.indicators.held import Held, rows_for
from songhe.indicators.months import month_end
from songhe.indicators.packages import package_for, packages_for
from songhe.indicators.standing import Known, Point, Standing, point
from songhe.policy.load import load_package
from songhe.policy.package import Package

__all__ = [
    "Point",
    "Standing",
    "by_child",
    "children",
    "months_of",
    "package_for",
    "packages_for",
    "standings",
    "trend",
    "trends",
]


def standings(
    user: User,
    package: Package,
    division_id: int,
    day: dt.date,
    *,
    tree: str = "then",
    only: Collection[str] = (),
    known: dt.datetime | None = None,
) -> list[Standing]:
    """Every indicator of the package, or `only` some, in the order of the package.

    `tree="now"`: counted on today's divisions from the finest figures. `known`: what had been counted, confirmed and
    defined by a moment, all of it without one. Raises OutOfScope.
    """
    require_division(user, Action.INDICATOR_READ, division_id)
    indicators = [one for one in package.indicators.values() if not only or one.id in only]
    return stand_in(package, indicators, [division_id], day, tree, known, past=True).get(division_id, [])


def by_child(
    user: User,
    package_id: Package | str,
    indicator_id: str,
    division_id: int,
    day: dt.date,
    *,
    tree: str = "then",
    known: dt.datetime | None = None,
) -> list[tuple[Node, Standing]]:
    """One indicator in each division right below, by its code; each by the package that holds in it."""
    found = children(user, package_id, division_id, day, tree=tree, only=(indicator_id,), known=known)
    return [(node, some[0]) for node, some in found if some]


def children(
    user: User,
    package_id: Package | str,
    division_id: int,
    day: dt.date,
    *,
    tree: str = "then",
    only: Collection[str] = (),
    known: dt.datetime | None = None,
) -> list[tuple[Node, list[Standing]]]:
    """Every division right below with all its standings: as `standings` of each, in as few queries as of one."""
    require_division(user, Action.INDICATOR_READ, division_id)
    package = loaded(package_id)
    below = tree_of(day, tree).children(division_id)
    found: dict[int, list[Standing]] = {}
    for own, nodes in _by_package(package, below, day):
        indicators = [one for one in own.indicators.values() if not only or one.id in only]
        found |= stand_in(own, indicators, [node.id for node in nodes], day, tree, known)
    return [(node, found[node.id]) for node in below]


def trend(
    user: User,
    package_id: Package | str,
    indicator_id: str,
    division_id: int,
    upto: dt.date,
    months: int = 60,
    *,
    known: dt.datetime | None = None,
) -> list[Point]:
    """The figures of the last months that there are, oldest first, each with the answer of its own day."""
    found = trends(user, package_id, division_id, upto, months, only=(indicator_id,), known=known)
    return found.get(indicator_id, [])


def trends(
    user: User,
    package_id: Package | str,
    division_id: int,
    upto: dt.date,
    months: int = 60,
    *,
    only: Collection[str] = (),
    known: dt.datetime | None = None,
) -> dict[str, list[Point]]:
    """As `trend`, of every indicator that has figures, in the queries of one."""
    require_division(user, Action.INDICATOR_READ, division_id)
    package = loaded(package_id)
    node = tree_on(upto).get(division_id)
    if node is None:
        return {}
    wanted = [one for one in package.indicators.values() if not only or one.id in only]
    rows = rows_for(package, [division_id], upto, indicators=[one.id for one in wanted] if only else None, known=known)
    laid = definitions_over(package.layers, [division_id], upto, known)
    first = month_end(upto, months)
    found: dict[str, list[Point]] = {}
    for one in wanted:
        series = rows.series(package, division_id, one.id)
        points = []
        for number, held in enumerate(series):
            if held.day > first:
                # By what was defined on its own day.
                known = Known(series=series, definition=definition_for(laid, one.id, division_id, held.day))
                points.append(point(package, one, node, known, number))
        if points:
            found[one.id] = points
    return found


def months_of(user: User, package: Package, division_id: int, upto: dt.date, months: int = 24) -> dict[str, list[Held]]:
    """The figures of `trends` without their answers, oldest first: for lines that are drawn and not judged."""
    require_division(user, Action.INDICATOR_READ, division_id)
    rows = rows_for(package, [division_id], upto, since=month_end(upto, months) + dt.timedelta(days=1))
    return {id: series for id in package.indicators if (series := rows.series(package, division_id, id))}


def loaded(package: Package | str) -> Package:
    return load_package(package) if isinstance(package, str) else package


def _by_package(package: Package, nodes: Iterable[Node], day: dt.date) -> list[tuple[Package, list[Node]]]:
    """Each division with the package that holds in it, where that is laid over the one asked for."""
    groups: dict[str, tuple[Package, list[Node]]] = {}
    for node in nodes:
        own = package_for(node.id, day)
        mine = own if own is not None and package.id in own.layers else package
        groups.setdefault(mine.id, (mine, []))[1].append(node)
    return list(groups.values())
