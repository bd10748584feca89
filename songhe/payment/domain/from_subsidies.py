"""Bringing a granted subsidy of an institution into the ledger: once, or period by period, as its package says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.casework.domain.moving import county_of
from songhe.casework.models import Act, Case
from songhe.casework.stored import procedure_of
from songhe.casework.subjects import organisation_of
from songhe.common import clock
from songhe.common.calendar import last_day
from songhe.organisations.models import Organisation
from songhe.organisations.subsidies import MONTHLY, ONCE, YEARLY, Answer, answer
from songhe.payment.domain.claims import Admitted, Owed, admit
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.funding import funding_for
from songhe.payment.models import Claim
from songhe.payment.shares import split

# The id of a Fund → the share it bears; the shares come to exactly one.
Shares = Mapping[int, Fraction]
# How the reference of such a claim begins.
NAME = "subsidy "


class _Due(NamedTuple):
    """What is due for a period: its month in the ledger, signed fen, and the ground."""

    month: dt.date
    fen: int
    clause: str
    package: str


def admit_subsidy(*, by: User, case: Case, month: dt.date | None = None, shares: Shares | None = None) -> Admitted:
    """The claims of a granted case: of a sum paid once without `month`, else of the month (or year) of that first day.

    A sum paid once is the one decided. A month is settled when it is over, by what is known now; settled again, only
    the difference becomes a claim, which may be a recovery. Without `shares` the county's confirmed funding holds.
    Raises OutOfScope, and PaymentError where nothing is due, with the reason.
    """
    require_division(by, Action.PAYMENT_MAKE, case.division_id)
    now = Case.objects.select_related("procedure").get(pk=case.pk)
    organisation, granted = organisation_of(now), granting(now)
    if organisation is None or granted is None:
        raise PaymentError("只能入账已同意的机构补贴。", "Only a granted subsidy of an institution becomes a claim.")
    period = granted.details["period"]
    if (period == ONCE) != (month is None):
        raise PaymentError(
            "一次性补贴不填月份，按期补贴须填月份。", "A sum paid once has no month; one paid by period needs it."
        )
    with writing():
        if period == ONCE:
            due = _once(now, organisation, granted)
        else:
            assert month is not None
            due = _of_period(now, organisation, granted, month, period)
        number = _earlier(organisation, now.item, due.month).values("entry").distinct().count() + 1
        reference = f"{NAME}{now.public_id}/{due.month:%Y-%m}/{number}"
        borne = shares if shares is not None else borne_by(now.division_id, now.item, due.month.year)
        return admit(by=by, reference=reference, owed=_owed(reference, organisation, now.item, due, borne))


def granting(case: Case) -> Act | None:
    """The act by which a subsidy was granted, with the answer it rests on in its details; None when it was not."""
    if case.outcome != "granted":
        return None
    decides = [step.id for step in procedure_of(case).steps if step.kind == "decide"]
    act = case.history.filter(verb=Act.Verb.PASSED, step__in=decides).order_by("-number").first()
    return act if act is not None and "period" in act.details else None


def borne_by(division: int, item: str, year: int) -> Shares:
    """Who bears an item in the county of a division. Raises PaymentError when nobody said it."""
    county = county_of(division, clock.today())
    found = {} if county is None else funding_for(county, year, [item])
    if item not in found:
        raise PaymentError(
            f"没有说明资金来源的项目：{item}。请先登记并复核{year}年的资金来源。",
            f"Nobody said who bears {item} in {year}. State the funding, and have it confirmed.",
        )
    return found[item]


def _once(case: Case, organisation: Organisation, granted: Act) -> _Due:
    fen = granted.details["fen"]
    if fen is None:
        raise _nothing(case, organisation, granted.on)
    if is_claimed(case):
        raise PaymentError("此一次性补贴已入账。", "This subsidy is paid once, and is in the ledger.")
    rule = answer(organisation, case.package, case.item, granted.on).rule
    return _Due(granted.on.replace(day=1), fen, rule.clauses[0], granted.details["package"])


def is_claimed(case: Case) -> bool:
    """Whether anything of the case's item is in the ledger for its organisation."""
    organisation = organisation_of(case)
    return Claim.objects.filter(organisation=organisation, item=case.item, reference__startswith=NAME).exists()


def _of_period(case: Case, organisation: Organisation, granted: Act, month: dt.date, period: str) -> _Due:
    if month.day != 1 or (period == YEARLY and month.month != 1):
        raise PaymentError(
            "月份写作一号，按年的写作一月一号。", "A month is its first day, a year its first of January."
        )
    end = last_day(month.year, month.month if period == MONTHLY else 12)
    if end < granted.on or end > clock.today():
        raise PaymentError(
            "只能核定同意之后、已经结束的月份（年度）。", "Only periods that ended after it was granted are settled."
        )
    found, fen, already = _difference(case, organisation, month, end)
    if fen is None or (not fen and not already):
        raise _nothing(case, organisation, end)
    if not fen:
        raise PaymentError("此期已入账，没有差额。", "The period is in the ledger, and nothing has changed.")
    return _Due(month, fen, found.rule.clauses[0], found.package.hash)


def _difference(case: Case, organisation: Organisation, month: dt.date, end: dt.date) -> tuple[Answer, int | None, int]:
    """The answer for a period, signed fen by which it differs from the ledger (None: not known), and what is there."""
    found, already = answer(organisation, case.package, case.item, end), _settled(organisation, case.item, month)
    closed = organisation.closed_on is not None and organisation.closed_on <= end
    is_refused = closed or found.decision.answer == "not_entitled"
    if found.fen is None and not is_refused:
        return found, None, already
    return found, (0 if is_refused or found.fen is None else found.fen) - already, already


class Period(NamedTuple):
    """A month (or year) that is over, by its first day: signed fen to settle, None where the facts do not tell."""

    month: dt.date
    fen: int | None
    already: int


def unsettled(case: Case) -> list[Period]:
    """The periods since a subsidy was granted that are not in the ledger as the facts of today would have it.

    A late fact shows here: what was paid too much is less than zero. Nothing for a sum paid once.
    """
    organisation, granted = organisation_of(case), granting(case)
    if organisation is None or granted is None or granted.details["period"] == ONCE:
        return []
    period, found = granted.details["period"], []
    for month, end in _ended(granted.on, period, clock.today()):
        _, fen, already = _difference(case, organisation, month, end)
        if fen != 0:
            found.append(Period(month, fen, already))
    return found


def _ended(since: dt.date, period: str, today: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of the periods that ended between two days, the newest first."""
    year, month = today.year, today.month if period == MONTHLY else 12
    while (end := last_day(year, month)) >= since:
        if end <= today:
            yield end.replace(month=month if period == MONTHLY else 1, day=1), end
        if period == MONTHLY and month > 1:
            month -= 1
        else:
            year, month = year - 1, 12


def _settled(organisation: Organisation, item: str, month: dt.date) -> int:
    """Fen claimed for a period so far."""
    return int(_earlier(organisation, item, month).aggregate(fen=Sum("fen"))["fen"] or 0)


def _earlier(organisation: Organisation, item: str, month: dt.date) -> QuerySet[Claim]:
    return Claim.objects.filter(organisation=organisation, item=item, month=month, reference__startswith=NAME)


def _owed(reference: str, organisation: Organisation, item: str, due: _Due, shares: Shares) -> Iterator[Owed]:
    for fund, fen in split(due.fen, shares).items():
        if fen:
            ground = (fund, item, due.month, fen, due.clause, due.package)
            yield Owed(f"{reference}/{fund}", None, *ground, organisation=organisation.pk)


def _nothing(case: Case, organisation: Organisation, day: dt.date) -> PaymentError:
    why = answer(organisation, case.package, case.item, day).why_nothing
    zh, en = (why.zh, why.en) if why else ("机构已终止。", "The institution has closed.")
    return PaymentError(f"没有可入账的金额：{zh}", f"Nothing is payable: {en}")
