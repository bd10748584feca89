"""Claims (应付、应追回) as decisions bring them: admitted once, each with its postings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.payment.domain.posting import Chart, Kind, Line, Voucher, next_entry, post, writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Entry, Fund
from songhe.payment.storing import next_id
from songhe.registry.sets import add_rows

_COLUMNS = (
    "id",
    "entry_id",
    "reference",
    "person_id",
    "fund_id",
    "item",
    "month",
    "fen",
    "clause",
    "package",
    "organisation_id",
)
_BLOCK = 10_000


class Owed(NamedTuple):
    """What a decision says: signed fen for an item and a month, from a fund (id of Fund).

    It is of a `person` (id of Person) or of an `organisation` (id of Organisation), the other is None.
    `reference` names the decision and is unique for ever; `month` is the first day of the month; `package` is the hash
    of the package that decided.
    """

    reference: str
    person: int | None
    fund: int
    item: str
    month: dt.date
    fen: int
    clause: str
    package: str
    organisation: int | None = None


class Admitted(NamedTuple):
    """How many claims are new, how many were there already, and the entry of the new ones."""

    new: int
    known: int
    entry: Entry | None


def admit(*, by: User | None, reference: str, owed: Iterable[Owed]) -> Admitted:
    """Claims of one run of decisions, all or none; `reference` names the run. What was admitted before stays as it is.

    `by` is None for a job. Raises PaymentError when a reference comes again with another content, for a month that is
    no first day, and for claims on funds of several offices; OutOfScope for funds out of reach.
    """
    with writing():
        entry_id, first = next_entry(), next_id(Claim)
        new: list[tuple[int, Owed]] = []
        known = 0
        for block in _blocks(owed):
            fresh = _fresh(block)
            known += len(block) - len(fresh)
            new += [(first + len(new) + place, one) for place, one in enumerate(fresh)]
        if not new:
            return Admitted(0, known, None)
        division = _office(by, {one.fund for _, one in new})
        add_rows(Claim, _COLUMNS, ((id, entry_id, *one) for id, one in new))
        voucher = Voucher(kind=Entry.Kind.DUE, user=by, division=division, reference=reference)
        entry = post(voucher, _postings(new))
        details = {"count": len(new), "fen": sum(one.fen for _, one in new), "known": known, "entry": entry.pk}
        append(
            user=by,
            action="claim.admitted",
            subject_kind="entry",
            subject_id=entry.pk,
            division=division,
            details={**details, "reference": reference},
        )
    return Admitted(len(new), known, entry)


def _postings(new: Sequence[tuple[int, Owed]]) -> Iterator[Line]:
    """A due: owed to the payee. A recovery: receivable. Against both stands what the fund has taken on, by item."""
    chart = Chart()
    obligations: Counter[tuple[int, str]] = Counter()
    for id, one in new:
        side = Kind.PAYEE if one.fen > 0 else Kind.RECOVERY
        obligations[one.fund, one.item] += one.fen
        yield Line(chart.of(one.fund, side), -one.fen, id)
    for (fund, item), fen in obligations.items():
        yield Line(chart.of(fund, Kind.OBLIGATION, item), fen)


def _blocks(owed: Iterable[Owed]) -> Iterator[list[Owed]]:
    remaining = iter(owed)
    seen: set[str] = set()
    while block := list(islice(remaining, _BLOCK)):
        for one in block:
            _check(one, seen)
        yield block


def _check(one: Owed, seen: set[str]) -> None:
    if not one.fen or one.month.day != 1 or not (one.reference and one.clause and one.package and one.item):
        raise PaymentError(
            f"决定 {one.reference} 不完整：须有金额、条款、政策包，月份写作一号。",
            "The decision lacks a sum, a clause or a package, or its month is not a first day.",
        )
    if (one.person is None) == (one.organisation is None):
        raise PaymentError(
            f"决定 {one.reference} 须写明是哪位老年人或哪家机构的，且只写其一。",
            "A decision is of one person or of one organisation.",
        )
    if one.reference in seen:
        raise PaymentError(f"决定 {one.reference} 出现两次。", "The decision comes twice in one run.")
    seen.add(one.reference)


def _fresh(block: Sequence[Owed]) -> list[Owed]:
    """Those that are not there yet. Raises PaymentError for one that is there and says something else."""
    there = {row[0]: Owed(*row) for row in _stored([one.reference for one in block])}
    for one in block:
        if one.reference in there and there[one.reference] != one:
            raise PaymentError(
                f"决定 {one.reference} 已入账且内容不同；更正须另作决定。",
                "The decision was admitted with another content; a correction is a decision of its own.",
            )
    return [one for one in block if one.reference not in there]


def _stored(references: list[str]) -> Iterator[Any]:
    columns = _COLUMNS[2:]
    # SQLite takes a limited number of parameters.
    size = len(references) if connection.vendor == "postgresql" else 500
    for start in range(0, len(references), size or 1):
        part = references[start : start + size]
        yield from Claim.objects.filter(reference__in=part).values_list(*columns)


def _office(by: User | None, funds: set[int]) -> int:
    found = list(Fund.objects.filter(pk__in=funds))
    if len(found) != len(funds):
        raise PaymentError("没有这项资金。", "There is no such fund.")
    if by is not None:
        for fund in found:
            require(by, Action.PAYMENT_MAKE, fund)
    offices = {fund.division_id for fund in found}
    if len(offices) != 1:
        raise PaymentError("一次只能入账同一单位的资金。", "One run is on funds of one office.")
    return offices.pop()
