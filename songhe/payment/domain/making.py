"""Making batches (编制): which claims are paid, by which line, to which account. Nobody is left out in silence."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.payment.domain.accounts import Target, targets
from songhe.payment.domain.posting import writing
from songhe.payment.domain.recoveries import Due, set_off
from songhe.payment.errors import PaymentError
from songhe.payment.models import Assignment, Batch, Fund, PayingAccount, PaymentLine
from songhe.payment.parties import PARTY_SQL, Party, organisation_of, person_of
from songhe.payment.storing import next_id, rows_of
from songhe.registry.sets import add_rows

_LINE = (
    *(
        "id",
        "batch_id",
        "person_id",
        "organisation_id",
        "payee_id",
        "name",
        "account",
        "account_hash",
        "fen",
        "end_to_end",
    ),
    "replaces_id",
)
_ASSIGNMENT = ("line_id", "claim_id", "fen", "from_suspense", "live")
NO_ACCOUNT = "no_account"
_WRITTEN = 30


@dataclass
class Paid:
    """What a line is to pay: to whom, the claims with their fen, and the line it stands for again."""

    party: Party
    claims: list[tuple[int, str, int]] = field(default_factory=list)
    attempt: int = 1
    replaces: int | None = None

    @property
    def fen(self) -> int:
        return sum(fen for _, _, fen in self.claims)

    def end_to_end(self) -> str:
        """Follows from the decisions paid and how often they were sent before: never random, never the same again."""
        ground = "\n".join([*sorted(reference for _, reference, _ in self.claims), str(self.attempt)])
        digest = hashlib.sha256(ground.encode()).digest()
        return base64.b32encode(digest).decode()[:_WRITTEN]


class LeftOut(NamedTuple):
    """Who is owed money that this batch does not pay, and why: the id of a Person, or that of an Organisation."""

    person: int | None
    fen: int
    why: str
    organisation: int | None = None


def left_out(line: Paid, why: str) -> LeftOut:
    return LeftOut(person_of(line.party), line.fen, why, organisation_of(line.party))


class Made(NamedTuple):
    """The batch, None when everything was set off or left out; fen set off; and who was left out."""

    batch: Batch | None
    set_off: int
    left_out: tuple[LeftOut, ...]


def make_batch(
    *,
    by: User,
    title: str,
    paid_from: PayingAccount,
    funds: Collection[Fund],
    items: Collection[str],
    first_month: dt.date,
    last_month: dt.date,
) -> Made:
    """Pay what is owed on these funds for these items and months and is in no other batch; recoveries set off first.

    One line for each person or organisation. Funds, items and months must be said: nothing ever stands for "all".
    Raises OutOfScope, and PaymentError when nothing is owed or a fund is of another office.
    """
    _check(by, paid_from, funds, items)
    with writing():
        dues = _dues(funds, items, first_month, last_month)
        if not dues:
            raise PaymentError("没有待发放的款项。", "Nothing is owed that is not in a batch already.")
        kept = set_off(by, paid_from.division_id, [one.due for one in dues], f"{title}")
        lines = _grouped(dues)
        made = write_batch(by, title, paid_from, lines, from_suspense=False)
    return made._replace(set_off=sum(kept.values()))


@dataclass
class _Owed:
    due: Due
    reference: str
    attempts: int


def _check(by: User, paid_from: PayingAccount, funds: Collection[Fund], items: Collection[str]) -> None:
    require(by, Action.PAYMENT_MAKE, paid_from)
    if not funds or not items:
        raise PaymentError("请选择资金和项目。", "Choose funds and items.")
    for fund in funds:
        require(by, Action.PAYMENT_MAKE, fund)
        if fund.division_id != paid_from.division_id:
            raise PaymentError("资金与付款账户不属于同一单位。", "A fund is of another office than the account.")


def _dues(funds: Collection[Fund], items: Collection[str], first: dt.date, last: dt.date) -> list[_Owed]:
    """By party and claim; dues with nothing left of them are not in it."""
    statement = (
        f"SELECT c.id, {PARTY_SQL}, c.fund_id, c.item, c.month, c.reference, "
        "c.fen - coalesce(s.fen, 0), (SELECT count(*) FROM payment_assignment a WHERE a.claim_id = c.id) "
        "FROM payment_claim c LEFT JOIN registry_person p ON p.id = c.person_id "
        "LEFT JOIN (SELECT due_id, sum(fen) AS fen FROM payment_setoff GROUP BY due_id) s ON s.due_id = c.id "
        f"WHERE c.fund_id IN ({_marks(funds)}) AND c.item IN ({_marks(items)}) AND c.month BETWEEN %s AND %s "
        "AND c.fen > coalesce(s.fen, 0) "
        "AND NOT EXISTS (SELECT 1 FROM payment_assignment a WHERE a.claim_id = c.id AND a.live) ORDER BY 2, 1"
    )
    parameters = [*(fund.pk for fund in funds), *items, first.isoformat(), last.isoformat()]
    return [
        # SQLite hands out days as texts, PostgreSQL sums as decimals.
        _Owed(Due(claim, party, fund, item, dt.date.fromisoformat(str(month)), int(left)), reference, attempts)
        for claim, party, fund, item, month, reference, left, attempts in rows_of(statement, parameters)
    ]


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _grouped(dues: Sequence[_Owed]) -> list[Paid]:
    """A line for each party, of what was not set off."""
    left = (one for one in dues if one.due.left > 0)
    lines = []
    for party, own in groupby(left, key=lambda one: one.due.party):
        paid = Paid(party)
        for one in own:
            paid.claims.append((one.due.claim, one.reference, one.due.left))
            paid.attempt = max(paid.attempt, one.attempts + 1)
        lines.append(paid)
    return lines


def write_batch(by: User, title: str, paid_from: PayingAccount, lines: Iterable[Paid], *, from_suspense: bool) -> Made:
    """A draft of these lines; those without an account are left out and told. Only within `writing`."""
    lines = list(lines)
    known = targets({line.party for line in lines})
    payable = [line for line in lines if line.party in known]
    unpayable = tuple(left_out(line, NO_ACCOUNT) for line in lines if line.party not in known)
    if not payable:
        return Made(None, 0, unpayable)
    batch = Batch.objects.create(
        id=next_id(Batch),
        division_id=paid_from.division_id,
        paid_from=paid_from,
        title=title,
        lines_number=len(payable),
        fen=sum(line.fen for line in payable),
        maker=by,
        made_at=clock.now(),
    )
    _write_lines(batch, payable, known, from_suspense)
    append(
        user=by,
        action="batch.made",
        subject_kind="batch",
        subject_id=batch.pk,
        division=batch.division_id,
        details={"count": batch.lines_number, "fen": batch.fen, "title": title, "left_out": len(unpayable)},
    )
    return Made(batch, 0, unpayable)


def _write_lines(batch: Batch, lines: Sequence[Paid], known: dict[int, Target], from_suspense: bool) -> None:
    first = next_id(PaymentLine)
    add_rows(PaymentLine, _LINE, [_line_row(first + place, batch, line, known) for place, line in enumerate(lines)])
    add_rows(
        Assignment,
        _ASSIGNMENT,
        (
            (first + place, claim, fen, from_suspense, True)
            for place, line in enumerate(lines)
            for claim, _, fen in line.claims
        ),
    )


def _line_row(id: int, batch: Batch, line: Paid, known: dict[int, Target]) -> tuple[object, ...]:
    to, party = known[line.party], line.party
    money = (line.fen, line.end_to_end(), line.replaces)
    return (id, batch.pk, person_of(party), organisation_of(party), to.payee, to.name, to.account, to.hash, *money)
