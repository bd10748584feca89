"""The quality of the data (数据质量): completeness, conflicts and freshness per fact and division.

Figures are kept as they were last measured (`domain.quality`) and hold nobody's data, so technicians may read them.
Freshness is the days since a source last said something of a fact, be it news or what it had said before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division, visible
from songhe.common.text import Text
from songhe.divisions.queries import Node, tree_on
from songhe.registry.measuring import standards
from songhe.registry.models import QualityRow
from songhe.registry.vocabulary import label

COLUMNS = (
    Text(zh="区划代码", en="Division code"),
    Text(zh="区划", en="Division"),
    Text(zh="事实", en="Fact"),
    Text(zh="应有人数", en="People asked"),
    Text(zh="已知人数", en="Known"),
    Text(zh="完整率", en="Complete"),
    Text(zh="来源不一致", en="In conflict"),
    Text(zh="时限（天）", en="Limit (days)"),
    Text(zh="距上次确认（天，中位）", en="Days since last said (median)"),
    Text(zh="超期人数", en="Out of date"),
)


@dataclass(frozen=True)
class Line:
    """One fact in one division: living people, and days; None where a fact does not age or nobody is known."""

    division: int
    code: str
    place: str
    fact: str
    label: Text
    asked: int
    known: int
    conflicts: int
    limit: int | None
    median_days: int | None
    stale: int | None

    @property
    def missing(self) -> int:
        return self.asked - self.known

    @property
    def complete(self) -> float | None:
        """Known of asked, 0 to 1; None when nobody is asked."""
        return self.known / self.asked if self.asked else None


@dataclass(frozen=True)
class Summary:
    """All facts of a division together: values asked for, known, in conflict and out of date; `people` living there."""

    division: int
    code: str
    place: str
    people: int
    asked: int
    known: int
    conflicts: int
    stale: int

    @property
    def complete(self) -> float | None:
        return self.known / self.asked if self.asked else None


@dataclass(frozen=True)
class Quality:
    """What was measured on `day` (None: never, by then): `lines` by fact, `below` the divisions right below."""

    division: Node
    day: dt.date | None
    lines: tuple[Line, ...]
    below: tuple[Summary, ...]


def table(user: User, division: int, as_of: dt.date | None = None) -> Quality:
    """The quality in a division and below it, as last measured up to a day (today).

    Raises OutOfScope for a division that the user does not reach, DivisionError for one that is no more.
    """
    require_division(user, Action.QUALITY_READ, division)
    return _table(visible(QualityRow.objects.all(), user, Action.QUALITY_READ), division, as_of)


def table_for_operators(division: int, as_of: dt.date | None = None) -> Quality:
    """The same without a user: for the command line only."""
    return _table(QualityRow.objects.all(), division, as_of)


def by_division(user: User, division: int, fact: str, as_of: dt.date | None = None) -> tuple[Line, ...]:
    """One fact in each of the divisions right below. Raises OutOfScope, and StatementError for no fact."""
    require_division(user, Action.QUALITY_READ, division)
    label(fact)
    seen = visible(QualityRow.objects.filter(day=_day(as_of), fact=fact), user, Action.QUALITY_READ)
    rows = {row.division_id: row for row in seen}
    return tuple(_line(node, rows[node.id]) for node in tree_on().children(division) if node.id in rows)


def rows(lines: Sequence[Line], language: str = "zh") -> Iterator[list[str]]:
    """A table for a file: a first row of titles, then one for each line; empty cells for what there is not."""
    yield [column.in_language(language) for column in COLUMNS]
    for line in lines:
        share = None if line.complete is None else f"{line.complete:.4f}"
        cells = (line.asked, line.known, share, line.conflicts, line.limit, line.median_days, line.stale)
        names = [line.code, line.place, line.label.in_language(language)]
        yield [*names, *("" if cell is None else str(cell) for cell in cells)]


def _day(as_of: dt.date | None) -> dt.date | None:
    measured = QualityRow.objects.filter(**({} if as_of is None else {"day__lte": as_of}))
    return measured.order_by("-day").values_list("day", flat=True).first()


def _table(seen: QuerySet[QualityRow], division: int, as_of: dt.date | None) -> Quality:
    tree, day = tree_on(), _day(as_of)
    node, measured = tree.node(division), seen.filter(day=day)
    rows = {row.fact: row for row in measured.filter(division_id=division)}
    lines = tuple(_line(node, rows[fact]) for fact in standards().facts if fact in rows)
    return Quality(node, day, lines, tuple(_below(measured, tree.children(division))))


def _line(node: Node, row: QualityRow) -> Line:
    return Line(
        division=node.id,
        code=node.code,
        place=node.name,
        fact=row.fact,
        label=label(row.fact),
        asked=row.asked,
        known=row.known,
        conflicts=row.conflicts,
        limit=standards().limits.get(row.fact),
        median_days=row.median_days,
        stale=row.stale,
    )


def _below(measured: QuerySet[QualityRow], children: Sequence[Node]) -> Iterator[Summary]:
    wanted = measured.filter(division_id__in=[node.id for node in children])
    totals = {
        row["division_id"]: row
        for row in wanted.values("division_id").annotate(
            asked_all=Sum("asked"), known_all=Sum("known"), conflicts_all=Sum("conflicts"), stale_all=Sum("stale")
        )
    }
    # Everybody is asked for the name.
    people = dict(wanted.filter(fact="name").values_list("division_id", "asked"))
    for node in children:
        if total := totals.get(node.id):
            yield Summary(
                division=node.id,
                code=node.code,
                place=node.name,
                people=people.get(node.id, 0),
                asked=total["asked_all"],
                known=total["known_all"],
                conflicts=total["conflicts_all"],
                stale=total["stale_all"] or 0,
            )
