"""From a decision to the bank: a run of decisions that was accepted is owed, shared between funds, and paid."""

# ruff: noqa: F811

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.payment.domain.from_runs import admit_run
from songhe.payment.domain.funding import confirm_funding, state_funding
from songhe.payment.domain.funds import open_fund
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Fund
from songhe.payment.queries import owed_by, owed_to, position
from songhe.registry.domain.facts import record_death
from tests.accounts.builders import holder
from tests.entitlement.conftest import (  # noqa: F401
    VILLAGE,
    born,
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

HALF = Fraction(1, 2)


@pytest.fixture
def li(register: Callable[..., Any]) -> Any:
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


@pytest.fixture
def cashier(county: int) -> Any:
    return holder(Role.COUNTY_BUREAU, Division.objects.get(pk=county), "cashier")


@pytest.fixture
def funds(county: int, cashier: Any) -> list[Fund]:
    """The county's own money, and the city's that the county holds."""
    levels = (Fund.Level.COUNTY, Fund.Level.CITY)
    own = Division.objects.get(pk=county)
    return [open_fund(by=cashier, kind=Fund.Kind.FISCAL, level=level, division=own, year=2026) for level in levels]


def test_what_a_run_decided_is_owed_by_each_level_for_its_share(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any, funds: list[Fund], whole: Callable[[], None]
) -> None:
    run = pay(202606)
    funding = {"ALLOWANCE": {funds[0].pk: Fraction(1, 3), funds[1].pk: Fraction(2, 3)}}
    said = admit_run(by=cashier, run=run, package=package, funding=funding)
    assert (said.new, owed_to(li)) == (2, 6_000)
    assert [position(fund).obligated for fund in funds] == [2_000, 4_000]
    assert {(claim.clause, claim.package) for claim in Claim.objects.all()} == {("T-1", package.hash)}
    assert admit_run(by=cashier, run=run, package=package, funding=funding).new == 0
    whole()


def test_a_death_reported_late_is_owed_back_to_the_same_funds(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any, funds: list[Fund], by: Any, whole: Any
) -> None:
    import datetime as dt

    funding = {"ALLOWANCE": {fund.pk: HALF for fund in funds}}
    admit_run(by=cashier, run=pay(202606), package=package, funding=funding)
    record_death(by=by(), person=li, on=dt.date(2026, 5, 20))
    admit_run(by=cashier, run=pay(202607), package=package, funding=funding)
    assert (owed_to(li), owed_by(li)) == (6_000, 6_000)
    assert [position(fund).obligated for fund in funds] == [0, 0]
    whole()


def test_a_run_that_was_not_accepted_pays_nobody(
    li: Any, decide: Callable[..., Any], package: Any, cashier: Any, funds: list[Fund]
) -> None:
    with pytest.raises(PaymentError, match="accepted"):
        admit_run(by=cashier, run=decide(202606), package=package, funding={"ALLOWANCE": {funds[0].pk: Fraction(1)}})


def test_an_item_of_which_nobody_said_who_bears_it_is_no_item_for_free(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any
) -> None:
    with pytest.raises(PaymentError, match="ALLOWANCE"):
        admit_run(by=cashier, run=pay(202606), package=package, funding={})


def confirmed(county: int, cashier: Any, shares: dict[int, Fraction]) -> None:
    """The county says who bears the allowance in 2026."""
    own = Division.objects.get(pk=county)
    stated = state_funding(by=cashier, division=own, item="ALLOWANCE", year=2026, shares=shares, document="青财1号")
    confirm_funding(by=holder(Role.COUNTY_BUREAU, own, f"treasurer-{stated.pk}"), funding=stated)


def test_without_a_word_of_the_caller_the_county_says_who_bears_it(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any, county: int, funds: list[Fund], whole: Any
) -> None:
    run = pay(202606)
    with pytest.raises(PaymentError, match="ALLOWANCE"):
        admit_run(by=cashier, run=run, package=package)
    confirmed(county, cashier, {fund.pk: HALF for fund in funds})
    assert admit_run(by=cashier, run=run, package=package).new == 2
    assert [position(fund).obligated for fund in funds] == [3_000, 3_000]
    whole()


def test_a_run_that_is_in_the_ledger_is_not_admitted_on_other_funds_as_well(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any, county: int, funds: list[Fund]
) -> None:
    run = pay(202606)
    confirmed(county, cashier, {funds[0].pk: Fraction(1)})
    admit_run(by=cashier, run=run, package=package)
    confirmed(county, cashier, {funds[1].pk: Fraction(1)})
    again = admit_run(by=cashier, run=run, package=package)
    assert (again.new, again.known) == (0, 1)
    with pytest.raises(PaymentError, match="other funds"):
        admit_run(by=cashier, run=run, package=package, funding={"ALLOWANCE": {funds[1].pk: Fraction(1)}})
    assert owed_to(li) == 6_000


def test_another_package_than_the_one_that_decided_is_refused(
    li: Any, pay: Callable[..., Any], package: Any, cashier: Any, funds: list[Fund]
) -> None:
    other = dataclasses.replace(package, hash="0" * 64)
    with pytest.raises(PaymentError, match="not the one"):
        admit_run(by=cashier, run=pay(202606), package=other, funding={"ALLOWANCE": {funds[0].pk: Fraction(1)}})
