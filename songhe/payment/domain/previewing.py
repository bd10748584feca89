"""Seeing a batch before it is there (试编): made, looked at, and taken back in one transaction, so it is exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from songhe.accounts.models import User
from songhe.payment.domain.making import LeftOut, Made, make_batch
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Assignment, Fund, PayingAccount


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a batch is to pay: everything is named, nothing stands for "all". Months are first days, both included."""

    title: str
    paid_from: PayingAccount
    funds: Collection[Fund]
    items: Collection[str]
    first_month: dt.date
    last_month: dt.date


@dataclass(frozen=True)
class Drawn:
    """What a batch takes from a fund for an item."""

    fund: Fund
    item: str
    fen: int


@dataclass(frozen=True)
class Preview:
    """Lines and fen that the batch would have, fen set off against recoveries, and who would be left out."""

    lines: int
    fen: int
    set_off: int
    left_out: tuple[LeftOut, ...]
    sums: tuple[Drawn, ...]

    @property
    def left_out_fen(self) -> int:
        return sum(one.fen for one in self.left_out)


def preview_batch(*, by: User, wanted: Wanted) -> Preview:
    """What `make_batch` would make now. Others who write in the ledger wait meanwhile. Raises as it would."""
    with transaction.atomic():
        found = _seen(_make(by, wanted))
        transaction.set_rollback(True)
    return found


def make_as_seen(*, by: User, wanted: Wanted, lines: int, fen: int) -> Made:
    """The batch, if it is still what was seen: so many lines and fen. Raises PaymentError otherwise, as it would."""
    with writing():
        made = _make(by, wanted)
        there = (made.batch.lines_number, made.batch.fen) if made.batch else (0, 0)
        if there != (lines, fen):
            raise PaymentError(
                "应付或账户在预览之后有变化，请重新预览。", "Something has changed since you looked; look again."
            )
    return made


def _make(by: User, wanted: Wanted) -> Made:
    return make_batch(
        by=by,
        title=wanted.title,
        paid_from=wanted.paid_from,
        funds=wanted.funds,
        items=wanted.items,
        first_month=wanted.first_month,
        last_month=wanted.last_month,
    )


def _seen(made: Made) -> Preview:
    if made.batch is None:
        return Preview(0, 0, made.set_off, made.left_out, ())
    drawn = Assignment.objects.filter(line__batch=made.batch).values_list("claim__fund_id", "claim__item")
    rows = list(drawn.annotate(total=Sum("fen")).order_by("claim__fund_id", "claim__item"))
    funds = Fund.objects.in_bulk([fund for fund, _, _ in rows])
    sums = tuple(Drawn(funds[fund], item, int(total)) for fund, item, total in rows)
    return Preview(made.batch.lines_number, made.batch.fen, made.set_off, made.left_out, sums)
