"""Purchased services are paid by verified units and never above the contract's ceiling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from songhe.accounts.scope import OutOfScope
from songhe.organisations.domain.contracts import report_delivery, verify_delivery
from songhe.organisations.models import Contract, Delivery
from songhe.payment.domain.from_deliveries import Bill, admit_delivery, bill, claimed
from songhe.payment.domain.funding import confirm_funding, state_funding
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim
from tests.organisations.builders import account_for, contract, organisation
from tests.payment.conftest import AUGUST, JULY, Office

CLAUSE = "SZ-L-03"


@pytest.fixture
def bought(office: Office) -> Contract:
    """50 yuan an hour, up to 10,000 yuan: 200 hours."""
    provider = organisation(office.maker, office.division, is_provider=True, name="松鹤服务中心")
    shares = {office.fund.pk: Fraction(1)}
    values = {"division": office.division, "item": CLAUSE, "year": 2024}
    stated = state_funding(by=office.maker, shares=shares, document="财社〔2024〕8号", **values)
    confirm_funding(by=office.checker, funding=stated)
    return contract(office.maker, office.checker, provider, clause=CLAUSE)


def delivered(
    office: Office, one: Contract, units: int, month: dt.date = JULY, verified: int | None = None
) -> Delivery:
    made = report_delivery(by=office.maker, contract=one, month=month, units=units, people=20, document="服务记录")
    found = units if verified is None else verified
    verify_delivery(by=office.checker, delivery=made, units=found, finding="" if found == units else "核减")
    return made


def admit(office: Office, one: Delivery) -> Any:
    return admit_delivery(by=office.maker, delivery=one)


def test_verified_units_times_the_price_are_owed_and_paid(
    office: Office, bought: Contract, whole: Callable[[], None]
) -> None:
    one = delivered(office, bought, 100, verified=90)
    admit(office, one)
    claim = Claim.objects.get()
    assert (claim.fen, claim.item, claim.clause, claim.month) == (450_000, CLAUSE, CLAUSE, JULY)
    assert claim.organisation == bought.organisation
    account_for(bought.organisation, office.maker, office.checker)
    office.fill(1_000_000)
    batch = office.sent(office.batch(items=[CLAUSE]).batch)
    office.answered(batch)
    assert batch.lines.get().fen == 450_000
    whole()


def test_nothing_is_paid_before_it_was_verified_nor_when_turned_down(office: Office, bought: Contract) -> None:
    made = report_delivery(by=office.maker, contract=bought, month=JULY, units=10, people=2, document="服务记录")
    with pytest.raises(PaymentError, match="未经核实"):
        admit(office, made)
    verify_delivery(by=office.checker, delivery=made, units=0, finding="没有服务")
    with pytest.raises(PaymentError, match="未经核实"):
        admit(office, made)
    assert not Claim.objects.exists()


def test_it_is_owed_once(office: Office, bought: Contract) -> None:
    one = delivered(office, bought, 100)
    assert admit(office, one).new == 1
    assert admit(office, one)[:2] == (0, 1)
    assert claimed(bought) == 500_000


def test_the_ceiling_is_never_passed(office: Office, bought: Contract) -> None:
    first, second = delivered(office, bought, 150), delivered(office, bought, 60, AUGUST)
    third = delivered(office, bought, 5, dt.date(2024, 9, 1))
    admit(office, first)
    assert bill(second) == Bill(300_000, 250_000)
    assert bill(second).cut == 50_000
    admit(office, second)
    assert bill(second) == Bill(300_000, 250_000)
    with pytest.raises(PaymentError, match="上限"):
        admit(office, third)
    assert claimed(bought) == bought.ceiling == 1_000_000


def test_only_the_office_that_bought_it_admits_it(office: Office, bought: Contract) -> None:
    one = delivered(office, bought, 100)
    with pytest.raises(OutOfScope):
        admit_delivery(by=office.stranger, delivery=one)
