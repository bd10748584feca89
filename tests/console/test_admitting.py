"""Bringing an accepted month to the ledger from the console, by the shares that were confirmed."""

# ruff: noqa: F811

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.payment.domain.funding import confirm_funding, state_funding
from songhe.payment.domain.funds import open_fund
from songhe.payment.models import Claim, Fund
from songhe.policy.load import load_package
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.test_payments import plain, told
from tests.entitlement.conftest import (  # noqa: F401
    PACKAGE,
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

RUNS = "/console/payments/runs/"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The county keeps its package in a folder of its own."""
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))
    load_package.cache_clear()


def test_a_run_comes_to_the_ledger_once_somebody_bears_it(
    sign_in: SignIn, register: Callable[..., Any], pay: Callable[..., Any], county: int, package: Any
) -> None:
    register(hukou=VILLAGE, alive=True, birth_date=born(82))
    run, home = pay(202606), Division.objects.get(pk=county)
    cashier, treasurer = (holder(Role.COUNTY_BUREAU, home, name) for name in ("cashier", "treasurer"))
    client, path = sign_in(cashier), f"{RUNS}{run.public_id}/"
    refused = client.post(path)
    assert refused.status_code == 422
    assert "没有说明资金来源的项目：ALLOWANCE" in plain(refused)

    own = {"division": home, "year": 2026}
    levels = (Fund.Level.COUNTY, Fund.Level.CITY)
    county_fund, city_fund = (open_fund(by=cashier, kind=Fund.Kind.FISCAL, level=one, **own) for one in levels)
    shares = {county_fund.pk: Fraction(1, 3), city_fund.pk: Fraction(2, 3)}
    confirm_funding(
        by=treasurer, funding=state_funding(by=cashier, item="ALLOWANCE", shares=shares, document="青财1号", **own)
    )
    seen = plain(client.get(path))
    assert re.search(r"2026年县级财政资金 1 20元 0元 20元", seen)
    assert re.search(r"2026年市级财政资金 1 40元 0元 40元", seen)
    assert not Claim.objects.exists()
    assert "已入账2项" in told(client, client.post(path))
    assert "已入账，凭证" in plain(client.get(RUNS))
    assert "已经入账" in plain(client.get(path))


def test_who_may_only_read_sees_the_runs_and_admits_none(
    sign_in: SignIn, register: Callable[..., Any], pay: Callable[..., Any], county: int
) -> None:
    register(hukou=VILLAGE, alive=True, birth_date=born(82))
    run = pay(202606)
    client = sign_in(holder(Role.AUDITOR, Division.objects.get(pk=county), "auditor"))
    assert "未入账" in plain(client.get(RUNS))
    assert client.post(f"{RUNS}{run.public_id}/").status_code == 403
