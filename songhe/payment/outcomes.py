"""What became of the lines of a batch: paid, come back, or not yet answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from songhe.payment.domain.answering import BOUNCED, unanswered
from songhe.payment.domain.reconciling import totals
from songhe.payment.models import Answer, Assignment, Batch, PaymentLine


class Outcome(NamedTuple):
    """What the bank said last of a line; `waits` when the money came back and was not sent again."""

    outcome: str
    at: dt.datetime
    code: str
    reason: str
    waits: bool


class Came(NamedTuple):
    """Lines and fen of a batch by what the bank said, and how many lines that came back wait to be sent again."""

    paid: int
    paid_fen: int
    bounced: int
    bounced_fen: int
    open: int
    waiting: int


def outcomes(lines: Iterable[PaymentLine]) -> dict[int, Outcome]:
    """By line (id), of those that were answered; two queries, however many lines."""
    ids = [line.pk for line in lines]
    held = set(Assignment.objects.filter(line__in=ids, live=True).values_list("line", flat=True))
    found: dict[int, Outcome] = {}
    for one in Answer.objects.filter(line__in=ids).order_by("pk"):
        waits = one.outcome == BOUNCED and one.line_id in held
        found[one.line_id] = Outcome(one.outcome, one.at, one.code, one.reason, waits)
    return found


def outcome_of(batch: Batch) -> Came:
    """Counted in the database."""
    paid_fen, bounced_fen = totals(batch)
    back = Answer.objects.filter(line__batch=batch, outcome=BOUNCED)
    bounced, left = back.count(), unanswered(batch)
    waiting = back.filter(line__assignments__live=True).values("line").distinct().count()
    return Came(batch.lines_number - bounced - left, paid_fen, bounced, bounced_fen, left, waiting)
