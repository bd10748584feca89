"""Who bears what: stated by one, confirmed by another, exact, and never changed."""

from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from songhe.accounts.scope import OutOfScope
from songhe.payment.domain.funding import confirm_funding, state_funding, withdraw_funding
from songhe.payment.domain.funds import open_fund
from songhe.payment.errors import PaymentError
from songhe.payment.funding import funding_for
from songhe.payment.models import Fund, Funding, FundingShare
from tests.payment.conftest import ITEM, Office

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def state(office: Office, shares: dict[int, Fraction] | None = None, **more: Any) -> Funding:
    own = {office.fund.pk: THIRD, office.lottery.pk: 1 - THIRD}
    wanted = {
        "by": office.maker,
        "division": office.division,
        "item": ITEM,
        "year": 2024,
        "document": "东财〔2024〕3号",
    }
    return state_funding(**{**wanted, "shares": own if shares is None else shares, **more})


def held(office: Office, year: int = 2024) -> Any:
    return funding_for(office.division.pk, year, [ITEM])


def test_it_holds_once_another_user_confirmed_it(office: Office) -> None:
    funding = state(office)
    assert held(office) == {}
    confirm_funding(by=office.checker, funding=funding)
    assert held(office) == {ITEM: {office.fund.pk: THIRD, office.lottery.pk: 1 - THIRD}}
    assert held(office, 2025) == {}


def test_a_later_statement_takes_its_place(office: Office) -> None:
    for shares in ({office.fund.pk: Fraction(1)}, {office.fund.pk: HALF, office.lottery.pk: HALF}):
        confirm_funding(by=office.checker, funding=state(office, shares))
    assert held(office) == {ITEM: {office.fund.pk: HALF, office.lottery.pk: HALF}}


def test_whoever_stated_it_cannot_confirm_it(office: Office) -> None:
    funding = state(office)
    with pytest.raises(PaymentError, match="stated"):
        confirm_funding(by=office.maker, funding=funding)
    with pytest.raises(IntegrityError), transaction.atomic():
        Funding.objects.filter(pk=funding.pk).update(confirmed_by=office.maker, confirmed_at=funding.stated_at)


def test_what_was_taken_back_is_not_confirmed(office: Office) -> None:
    funding = state(office)
    withdraw_funding(by=office.maker, funding=funding)
    with pytest.raises(PaymentError, match="taken back"):
        confirm_funding(by=office.checker, funding=funding)
    assert held(office) == {}


@pytest.mark.parametrize(
    ("shares", "told"),
    [((THIRD, HALF), "5/6"), ((Fraction(3, 2), -HALF), "more than nothing"), ((), "more than nothing")],
)
def test_shares_come_to_exactly_one(office: Office, shares: tuple[Fraction, ...], told: str) -> None:
    with pytest.raises(PaymentError, match=told):
        state(office, dict(zip((office.fund.pk, office.lottery.pk), shares, strict=False)))


def test_a_fund_of_another_year_or_office_bears_nothing(office: Office) -> None:
    kind, level = Fund.Kind.FISCAL, Fund.Level.COUNTY
    next_year = open_fund(by=office.maker, kind=kind, level=level, division=office.division, year=2025)
    there = office.city.counties[1]
    elsewhere = open_fund(by=office.stranger, kind=kind, level=level, division=there, year=2024)
    for fund in (next_year, elsewhere):
        with pytest.raises(PaymentError, match="this office"):
            state(office, {fund.pk: Fraction(1)})


@pytest.mark.parametrize("missing", ["item", "document"])
def test_it_names_an_item_and_its_ground(office: Office, missing: str) -> None:
    with pytest.raises(PaymentError, match="document"):
        state(office, **{missing: " "})


def test_nobody_states_or_confirms_it_for_another_office(office: Office) -> None:
    funding = state(office)
    with pytest.raises(OutOfScope):
        state(office, by=office.stranger)
    for refused in (confirm_funding, withdraw_funding):
        with pytest.raises(OutOfScope):
            refused(by=office.stranger, funding=funding)


# -- what the database itself refuses


def refused(change: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_the_database_confirms_no_shares_that_are_not_one(office: Office) -> None:
    funding = state(office)
    short = Funding.objects.create(
        division=office.division, item=ITEM, year=2024, parts=4, document="x", stated_by=office.maker
    )
    FundingShare.objects.create(funding=short, fund=office.fund, number=3)
    confirmed = {"confirmed_by": office.checker, "confirmed_at": funding.stated_at}
    refused(lambda: Funding.objects.filter(pk=short.pk).update(**confirmed))
    refused(lambda: Funding.objects.create(**_columns(short), **confirmed))


def _columns(funding: Funding) -> dict[str, Any]:
    return {name: getattr(funding, name) for name in ("division", "item", "year", "parts", "document", "stated_by")}


def test_the_database_changes_nothing_that_was_confirmed(office: Office) -> None:
    funding = state(office)
    confirm_funding(by=office.checker, funding=funding)
    one = Funding.objects.filter(pk=funding.pk)
    for change in ({"parts": 5}, {"document": "y"}, {"year": 2025}, {"confirmed_by": office.approver}):
        refused(lambda change=change: one.update(**change))
    refused(one.delete)
    refused(lambda: FundingShare.objects.filter(funding=funding).update(number=1))
    refused(lambda: FundingShare.objects.filter(funding=funding).delete())
    more = open_fund(by=office.maker, kind=Fund.Kind.FISCAL, level=Fund.Level.CITY, division=office.division, year=2024)
    refused(lambda: FundingShare.objects.create(funding=funding, fund=more, number=1))
