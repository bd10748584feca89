"""Writing in the ledger: the one place where an entry and its postings are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from songhe.accounts.models import User
from songhe.common import clock
from songhe.payment.models import Account, Entry, Fund, Posting
from songhe.payment.storing import next_id, take_turn
from songhe.registry.sets import add_rows

Kind = Account.Kind
_POSTING = ("entry_id", "account_id", "claim_id", "fen")


class Line(NamedTuple):
    """So many fen on an account (its id), debit positive; `claim` is the id of the claim it is about."""

    account: int
    fen: int
    claim: int | None = None


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, in turn with all others that write in the ledger."""
    with transaction.atomic():
        take_turn()
        yield


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """Why an entry is made: by whom, at which office's division, on what ground."""

    kind: Entry.Kind
    user: User | None
    division: int
    reference: str
    reason: str = ""


@dataclass
class Chart:
    """The accounts of funds by their ids, made when they are first needed; for one transaction."""

    _known: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def of(self, fund: int, kind: Account.Kind, item: str = "") -> int:
        key = (fund, kind.value, item)
        if key not in self._known:
            self._known[key] = Account.objects.get_or_create(fund_id=fund, kind=kind.value, item=item)[0].pk
        return self._known[key]


def next_entry() -> int:
    """The number of the entry that is written next; only within `writing`."""
    return next_id(Entry)


def post(voucher: Voucher, lines: Iterable[Line]) -> Entry:
    """The next entry, with its postings. Lines of nothing are left out.

    Raises django.db.IntegrityError when they do not come to zero. Only within `writing`.
    """
    number = next_entry()
    # Held from the beginning: while rows stream into PostgreSQL, no account can be looked up.
    rows = [(number, line.account, line.claim, line.fen) for line in lines if line.fen]
    add_rows(Posting, _POSTING, rows)
    return Entry.objects.create(
        id=number,
        kind=voucher.kind,
        at=clock.now(),
        user=voucher.user,
        division_id=voucher.division,
        reference=voucher.reference,
        reason=voucher.reason,
        postings=len(rows),
    )


def move(voucher: Voucher, *, fund: Fund, debit: tuple[Kind, str], credit: tuple[Kind, str], fen: int) -> Entry:
    """An entry of two lines within a fund: kind of account and item for each side."""
    chart = Chart()
    return post(voucher, [Line(chart.of(fund.pk, *debit), fen), Line(chart.of(fund.pk, *credit), -fen)])
