"""A recovery is settled once, and the ledger knows it: at once, in instalments, or waived."""

# ruff: noqa: F811

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.payment.domain.from_runs import admit_run
from songhe.payment.domain.funds import open_fund
from songhe.payment.domain.posting import writing
from songhe.payment.domain.recoveries import Due, set_off
from songhe.payment.domain.settling import settle_recovery
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Entry, Fund, RecoveryPlan
from songhe.payment.queries import owed_by
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from tests.accounts.builders import holder
from tests.entitlement.conftest import (  # noqa: F401
    VILLAGE,
    by,
    clerks,
    county,
    decide,
    divisions,
    package,
    pay,
    register,
    runs_home,
)


def _left(claim: Claim) -> int:
    return claim.fen - sum(claim.set_offs.values_list("fen", flat=True))


class Books:
    """Li was paid the tier of ninety for three months; she is younger, and 270 yuan are taken back from two funds."""

    def __init__(self, li: Any, pay: Any, package: Any, cashier: Any, funds: list[Fund], by: Any) -> None:
        self.li, self.package, self.cashier = li, package, cashier
        self.funding = {"ALLOWANCE": {funds[0].pk: Fraction(1, 3), funds[1].pk: Fraction(2, 3)}}
        self.admit(pay(202605, accounts_from=202603))
        record_facts(by=by(), person=li, statements=[Statement("birth_date", "1940-02-01")])
        self.run = pay(202606)

    def admit(self, run: Any) -> None:
        admit_run(by=self.cashier, run=run, package=self.package, funding=self.funding)

    def kept(self, *months: tuple[int, int]) -> int:
        """Fen set off against the dues of these months."""
        total = 0
        for month in months:
            claims = Claim.objects.filter(fen__gt=0, month=dt.date(*month, 1))
            dues = [Due(one.pk, one.person_id, one.fund_id, one.item, one.month, _left(one)) for one in claims]
            with writing():
                total += sum(set_off(self.cashier, claims[0].fund.division_id, dues, "batch").values())
        return total


@pytest.fixture
def books(register: Any, pay: Any, package: Any, county: int, by: Any) -> Books:
    own = Division.objects.get(pk=county)
    cashier = holder(Role.COUNTY_BUREAU, own, "cashier")
    levels = (Fund.Level.COUNTY, Fund.Level.CITY)
    funds = [open_fund(by=cashier, kind=Fund.Kind.FISCAL, level=level, division=own, year=2026) for level in levels]
    li = register(hukou=VILLAGE, alive=True, birth_date="1930-02-01")
    return Books(li, pay, package, cashier, funds, by)


def settle(books: Books, clerks: Any, mode: str, **more: Any) -> Any:
    return settle_recovery(by=clerks["ma"], run=books.run, person=books.li, mode=mode, reason="家属同意", **more)


def test_what_was_planned_before_the_run_came_into_the_ledger_is_carried_with_it(
    books: Books, clerks: Any, whole: Any
) -> None:
    plan = settle(books, clerks, "instalments", number=7)
    assert not RecoveryPlan.objects.exists()
    books.admit(books.run)
    assert (plan.fen, owed_by(books.li)) == (27_000, 27_000)
    # A seventh of 270 yuan, rounded up, of what is due for June: together, over three months and two funds.
    assert books.kept((2026, 6)) == 3_858
    assert books.kept((2026, 6)) == 0
    assert owed_by(books.li) == 27_000 - 3_858
    whole()


def test_a_later_plan_takes_the_place_of_an_earlier_one(books: Books, clerks: Any, whole: Any) -> None:
    books.admit(books.run)
    settle(books, clerks, "instalments", number=9)
    assert books.kept((2026, 6)) == 3_000
    settle(books, clerks, "at_once")
    # What is left of the dues of June is 30 yuan; the rest stays receivable.
    assert (books.kept((2026, 6)), owed_by(books.li)) == (3_000, 21_000)
    settle(books, clerks, "waived", document="青民〔2026〕7号")
    assert owed_by(books.li) == 0
    waivers = Entry.objects.filter(kind=Entry.Kind.WAIVER)
    assert {entry.reference for entry in waivers} == {"青民〔2026〕7号"}
    assert not RecoveryPlan.objects.filter(ended_by=None).exists()
    with pytest.raises(PaymentError, match="Nothing is receivable"):
        settle(books, clerks, "at_once")
    whole()


def test_nothing_is_half_done(books: Books, clerks: Any) -> None:
    from songhe.entitlement.errors import RunError

    books.admit(books.run)
    with pytest.raises(RunError):
        settle(books, clerks, "instalments", number=1)
    with pytest.raises(RunError):
        settle_recovery(by=clerks["chen"], run=books.run, person=books.li, mode="waived", reason="困难")
    assert not RecoveryPlan.objects.exists() and owed_by(books.li) == 27_000
