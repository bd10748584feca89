"""A sum on the personal pages goes back to the decision of its month, as the file knew it then."""

# ruff: noqa: F811

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.entitlement.models import Line
from songhe.payment.domain.from_runs import admit_run
from songhe.payment.domain.funds import open_fund
from songhe.payment.models import Claim, Fund
from songhe.policy.load import load_package
from songhe.registry.domain.facts import record_facts
from songhe.registry.domain.statements import Statement
from tests.accounts.builders import holder
from tests.citizens.conftest import author
from tests.entitlement.conftest import (  # noqa: F401
    VILLAGE,
    by,
    clerks,
    county,
    decide,
    divisions,
    pay,
    register,
    runs_home,
)
from tests.portal.my_pages import number_of, reader

ITEM = "QTX-M-2.1e"


@pytest.fixture
def package() -> Any:
    """青铜峡's example, which has sums."""
    return load_package("qingtongxia-example")


@pytest.fixture
def li(register: Callable[..., Any]) -> Any:
    said = {"name": "李秀英", "resident_id": number_of(3), "sex": "F"}
    return register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date="1940-02-01", **said)


@pytest.fixture
def admit(county: int, package: Any) -> Callable[[Any], None]:
    """A run comes into the ledger, half from the county's money and half from the city's."""
    own = Division.objects.get(pk=county)
    cashier = holder(Role.COUNTY_BUREAU, own, "cashier")
    levels = (Fund.Level.COUNTY, Fund.Level.CITY)
    funds = [open_fund(by=cashier, kind=Fund.Kind.FISCAL, level=level, division=own, year=2026) for level in levels]

    def bring(run: Any) -> None:
        items = set(Line.objects.values_list("item", flat=True))
        halves = {fund.pk: Fraction(1, 2) for fund in funds}
        admit_run(by=cashier, run=run, package=package, funding=dict.fromkeys(items, halves))

    return bring


def test_a_sum_of_two_funds_is_one_sum_with_its_reasons(
    li: Any, pay: Callable[..., Any], admit: Any, clerks: dict[str, Any]
) -> None:
    admit(pay(202606))
    client = reader(clerks["chen"], li, number_of(3))
    own = Claim.objects.filter(person=li, item=ITEM)
    assert own.count() == 2
    page = text_of(client, "/my/payments/")
    assert page.count("老年人生活津贴") == 1
    detail = text_of(client, f"/my/payments/{own.last().pk}/")
    assert "那个月按当时档案里的情况这样核定" in detail
    assert "1940年2月1日" in detail
    assert f"#clause-{own[0].clause}" in detail


def test_what_is_taken_back_says_why(li: Any, pay: Callable[..., Any], admit: Any, clerks: dict[str, Any]) -> None:
    admit(pay(202606))
    record_facts(by=author("police"), person=li, statements=[Statement("birth_date", dt.date(1956, 2, 1))])
    admit(pay(202607))
    client = reader(clerks["chen"], li, number_of(3))
    back = Claim.objects.filter(person=li, item=ITEM, fen__lt=0).first()
    assert "后来查明那个月不符合条件" in text_of(client, f"/my/payments/{back.pk}/")
    assert "要退回" in text_of(client, "/my/")


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())
