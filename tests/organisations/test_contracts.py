"""Purchase of services: nothing is taken as delivered before another person looked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.accounts.scope import OutOfScope
from songhe.organisations.domain.contracts import confirm_contract, report_delivery, state_contract, verify_delivery
from songhe.organisations.domain.registering import close
from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import Contract, Delivery
from songhe.organisations.queries import contracts_for, deliveries_for
from tests.organisations.builders import contract, organisation
from tests.organisations.conftest import Bureau

JULY = dt.date(2024, 7, 1)


@pytest.fixture
def bought(bureau: Bureau) -> Contract:
    return contract(bureau.one, bureau.other, bureau.home)


def report(by: Any, one: Contract, month: dt.date = JULY, units: int = 100) -> Delivery:
    return report_delivery(by=by, contract=one, month=month, units=units, people=20, document="服务记录")


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"price": 0}, "单价"),
        ({"ceiling": 1}, "上限"),
        ({"valid_to": dt.date(2023, 1, 1)}, "止日"),
        ({"clause": "SZ-L-99"}, "没有条款"),
        ({"package": "nowhere-2020"}, "没有政策包"),
        ({"item": "SZ-L-99"}, "没有事项"),
        ({"document": " "}, "文号"),
    ],
)
def test_a_contract_says_what_for_how_much_and_why(bureau: Bureau, change: dict[str, Any], why: str) -> None:
    with pytest.raises(OrganisationError, match=why):
        contract(bureau.one, bureau.other, bureau.home, **change)


def test_it_is_made_with_a_provider_that_is_there(bureau: Bureau) -> None:
    with pytest.raises(OrganisationError, match="服务商"):
        contract(bureau.one, bureau.other, organisation(bureau.one, bureau.county, name="只是机构"))
    close(by=bureau.one, organisation=bureau.home, on=JULY, document="注销证明")
    with pytest.raises(OrganisationError, match="未终止"):
        contract(bureau.one, bureau.other, bureau.home)


def test_nobody_confirms_what_they_stated(bureau: Bureau, bought: Contract) -> None:
    names = ("document", "service", "package", "clause", "unit", "price", "ceiling", "valid_from", "valid_to")
    same = {name: getattr(bought, name) for name in names}
    stated = state_contract(by=bureau.one, organisation=bureau.home, division=bureau.county, **same)
    with pytest.raises(OrganisationError, match="尚未复核"):
        report(bureau.one, stated)
    with pytest.raises(OrganisationError, match="自己登记"):
        confirm_contract(by=bureau.one, contract=stated)
    refused(
        f"UPDATE organisations_contract SET confirmed_by_id = stated_by_id, confirmed_at = stated_at "
        f"WHERE id = {stated.pk}"
    )
    with pytest.raises(OrganisationError, match="已复核"):
        confirm_contract(by=bureau.other, contract=bought)


def test_a_delivery_lies_in_the_contract_and_comes_once_a_month(bureau: Bureau, bought: Contract) -> None:
    report(bureau.one, bought)
    for month, why in ((JULY, "已填报"), (dt.date(2023, 12, 1), "合同期"), (dt.date(2999, 1, 1), "将来")):
        with pytest.raises(OrganisationError, match=why):
            report(bureau.one, bought, month)
    with pytest.raises(OrganisationError, match="数量"):
        report(bureau.one, bought, units=0)


def test_nobody_verifies_what_they_reported(bureau: Bureau, bought: Contract) -> None:
    one = report(bureau.one, bought)
    with pytest.raises(OrganisationError, match="自己填报"):
        verify_delivery(by=bureau.one, delivery=one, units=100)
    refused(
        "UPDATE organisations_delivery SET verified_by_id = reported_by_id, verified_at = reported_at, "
        "verified_units = 100"
    )
    verify_delivery(by=bureau.other, delivery=one, units=100)
    with pytest.raises(OrganisationError, match="已核实"):
        verify_delivery(by=bureau.other, delivery=one, units=90, finding="再核")
    refused(f"UPDATE organisations_delivery SET verified_by_id = {bureau.stranger.pk}")
    refused("UPDATE organisations_delivery SET verified_units = 1, finding = 'x'")
    refused("UPDATE organisations_delivery SET units = 500")
    refused("DELETE FROM organisations_delivery")
    refused("UPDATE organisations_contract SET price = price * 2")


@pytest.mark.parametrize("units", [-1, 101])
def test_no_more_is_verified_than_was_reported(bureau: Bureau, bought: Contract, units: int) -> None:
    with pytest.raises(OrganisationError, match="0至100"):
        verify_delivery(by=bureau.other, delivery=report(bureau.one, bought), units=units, finding="核")


def test_less_needs_a_reason_and_nothing_lets_the_month_be_reported_anew(bureau: Bureau, bought: Contract) -> None:
    first = report(bureau.one, bought)
    with pytest.raises(OrganisationError, match="理由"):
        verify_delivery(by=bureau.other, delivery=first, units=0)
    verify_delivery(by=bureau.other, delivery=first, units=0, finding="没有服务记录")
    second = report(bureau.one, bought, units=80)
    assert list(deliveries_for(bureau.other)) == [second, first]


def test_another_county_neither_sees_nor_touches_it(bureau: Bureau, bought: Contract) -> None:
    one = report(bureau.one, bought)
    assert not contracts_for(bureau.stranger).exists()
    with pytest.raises(OutOfScope):
        report(bureau.stranger, bought, dt.date(2024, 8, 1))
    with pytest.raises(OutOfScope):
        verify_delivery(by=bureau.stranger, delivery=one, units=100)
