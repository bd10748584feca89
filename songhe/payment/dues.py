"""What waits to be paid: dues that are in no batch, by fund and item, for whoever makes one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from songhe.entitlement.models import Line, Run
from songhe.payment.domain.from_runs import Funding
from songhe.payment.models import Assignment, Batch, Fund
from songhe.payment.shares import split
from songhe.payment.storing import rows_of


@dataclass(frozen=True)
class Open:
    """So many dues of an item on a fund, from the first month to the last; `fen` is before anything is set off."""

    fund: Fund
    item: str
    first: dt.date
    last: dt.date
    claims: int
    fen: int


_OPEN = (
    "SELECT c.fund_id, c.item, min(c.month), max(c.month), count(*), sum(c.fen - coalesce(s.fen, 0)) "
    "FROM payment_claim c JOIN payment_fund f ON f.id = c.fund_id "
    "LEFT JOIN (SELECT due_id, sum(fen) AS fen FROM payment_setoff GROUP BY due_id) s ON s.due_id = c.id "
    "WHERE f.division_id = %s AND c.fen > coalesce(s.fen, 0) "
    "AND NOT EXISTS (SELECT 1 FROM payment_assignment a WHERE a.claim_id = c.id AND a.live) "
    "GROUP BY c.fund_id, c.item ORDER BY c.fund_id, c.item"
)


def open_dues(division: int) -> list[Open]:
    """By fund and item of an office (id of Division)."""
    rows = rows_of(_OPEN, [division])
    funds = Fund.objects.in_bulk([row[0] for row in rows])
    return [
        # SQLite hands out days as texts, PostgreSQL sums as decimals.
        Open(funds[fund], item, _day(first), _day(last), number, int(fen))
        for fund, item, first, last, number, fen in rows
    ]


def _day(value: object) -> dt.date:
    return dt.date.fromisoformat(str(value))


@dataclass(frozen=True)
class Borne:
    """What a run asks of a fund for an item: lines, fen due, and fen taken back (negative)."""

    fund: Fund
    item: str
    lines: int
    due: int
    taken_back: int

    @property
    def fen(self) -> int:
        return self.due + self.taken_back


def borne_of(run: Run, funding: Funding) -> list[Borne]:
    """By item and fund, to the fen as `admit_run` divides it; equal sums are divided once."""
    lines, due, back = Counter[tuple[str, int]](), Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for item, fen, number in _sums(run):
        for fund, part in split(fen, funding[item]).items():
            if part:
                lines[item, fund] += number
                (due if part > 0 else back)[item, fund] += part * number
    funds = Fund.objects.in_bulk({fund for _, fund in lines})
    return [
        Borne(funds[fund], item, number, due[item, fund], back[item, fund])
        for (item, fund), number in sorted(lines.items())
    ]


def sums_by_item(run: Run) -> Mapping[str, int]:
    """Item → signed fen of the run's lines."""
    found: Counter[str] = Counter()
    for item, fen, number in _sums(run):
        found[item] += fen * number
    return found


def _sums(run: Run) -> list[tuple[str, int, int]]:
    """(item, fen, how many lines of it): a run has many lines and few different sums."""
    lines = Line.objects.filter(run=run).order_by("item", "fen")
    return [(item, fen, number) for item, fen, number in lines.values_list("item", "fen").annotate(number=Count("pk"))]


@dataclass(frozen=True)
class Drawn:
    """What a batch pays from a fund for an item; `package` is the hash of one that decided it."""

    fund: Fund
    item: str
    package: str
    fen: int


def drawn_by(batch: Batch) -> list[Drawn]:
    """By fund and item; also of a cancelled batch what it was to pay."""
    held = Assignment.objects.filter(line__batch=batch).values_list("claim__fund", "claim__item", "claim__package")
    rows = list(held.annotate(total=Sum("fen")).order_by("claim__fund", "claim__item"))
    funds = Fund.objects.in_bulk({fund for fund, _, _, _ in rows})
    return [Drawn(funds[fund], item, package, int(fen)) for fund, item, package, fen in rows]
