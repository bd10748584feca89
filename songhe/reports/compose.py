"""A report put together from the same queries as the pages: the same moment gives the same content, byte for byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from songhe.accounts.models import User
from songhe.common import clock
from songhe.common.text import Text
from songhe.divisions.queries import tree_on
from songhe.indicators.queries import package_for
from songhe.policy.package import Package
from songhe.reports.asking import Asked
from songhe.reports.content import Content, Section, Source
from songhe.reports.errors import ReportError
from songhe.reports.period import Period
from songhe.reports.places import Grid
from songhe.reports.rulebook import contents
from songhe.reports.sections import benefits, cases, document, facilities, indicators, population, quality, tasks

_GATHER: Mapping[str, Callable[[Asked, Text], Section]] = {
    "population": population.gather,
    "indicators": indicators.gather,
    "tasks": tasks.gather,
    "benefits": benefits.gather,
    "cases": cases.gather,
    "facilities": facilities.gather,
    "quality": quality.gather,
    "conflicts": document.conflicts,
    "open": document.open_terms,
}


def compose(*, user: User, division: int, period: Period, known_at: dt.datetime) -> Content:
    """The report of a division (id) for a period. Raises ReportError where there is nothing to report."""
    as_of = min(period.last, known_at.astimezone(clock.ZONE).date())
    if as_of < period.first:
        raise ReportError(
            f"{period.label.zh}尚未开始，不能编制报告。",
            f"{period.label.en} has not begun: there is nothing to report.",
        )
    tree = tree_on(as_of)
    if division not in tree:
        raise ReportError(f"{as_of} 没有此区划。", f"There is no such division on {as_of}.")
    node = tree.node(division)
    grid = Grid(division, as_of, contents().depth.get(node.level, 1))
    package = package_for(division, as_of)
    sections = tuple(_sections(user, grid, period, known_at, package))
    return Content(
        division=node.code,
        place=tree.full_name(division),
        level=node.level,
        kind=period.kind,
        period=period.number,
        as_of=as_of.isoformat(),
        known_at=known_at.astimezone(dt.UTC).isoformat(),
        package=package.id if package else "",
        document=package.document.title if package else None,
        package_hash=package.hash if package else "",
        sections=sections,
        sources=tuple(_sources(sections, package)),
    )


def _sections(
    user: User, grid: Grid, period: Period, known_at: dt.datetime, package: Package | None
) -> Iterable[Section]:
    for entry in contents().sections:
        if period.kind in entry.kinds and entry.id in _GATHER:
            asked = Asked(user, grid, period, grid.day, known_at, package, dict(entry.publish))
            yield _GATHER[entry.id](asked, entry.title)


def _sources(sections: Iterable[Section], package: Package | None) -> Iterable[Source]:
    """The clauses that rows go back to, in the order of the document."""
    wanted = {clause for one in sections for table in one.tables for row in table.rows for clause in row.clauses}
    for id, clause in (package.clauses if package else {}).items():
        if id in wanted:
            yield Source(clause=id, place=clause.place, text=clause.text)
