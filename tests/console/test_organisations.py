"""Institutions and providers at the console: recorded, told about, paid, each step by whom it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.accounts.models import Role, User
from songhe.casework.models import Case
from songhe.organisations.domain.contracts import report_delivery
from songhe.organisations.models import BankAccount, Contract, Delivery, Organisation
from songhe.organisations.queries import account_of
from songhe.payment.domain.funding import confirm_funding, state_funding
from songhe.payment.domain.funds import open_fund
from songhe.payment.models import Claim, Fund
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity
from tests.organisations.builders import account_for, contract, county_package, credit_code, know, organisation

SignIn = Callable[[User], Client]
BUILDING = "XX-STD-CONSTRUCTION"
BUILT = {"founder": "social", "newly_built": True, "premises": "own", "approved_beds": 120, "running": True}


@pytest.fixture
def one(city: SmallCity) -> User:
    return holder(Role.COUNTY_BUREAU, city.counties[0], "one")


@pytest.fixture
def other(city: SmallCity) -> User:
    return holder(Role.COUNTY_BUREAU, city.counties[0], "other")


@pytest.fixture
def home(city: SmallCity, one: User) -> Organisation:
    return organisation(one, city.counties[0], is_provider=True)


def at(name: str, *arguments: Any) -> str:
    return reverse(f"console:{name}", args=arguments)


def page(client: Client, home: Organisation) -> str:
    return client.get(at("organisation", home.public_id)).content.decode()


def sent(client: Client, path: str, **values: Any) -> str:
    """What the next page says after a form was sent and taken."""
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url).content.decode()


def refused(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values)
    assert answer.status_code == 422
    return answer.content.decode()


def bear(city: SmallCity, one: User, other: User, item: str, year: int) -> None:
    county = city.counties[0]
    fund = open_fund(by=one, kind=Fund.Kind.FISCAL, level=Fund.Level.COUNTY, division=county, year=year)
    stated = state_funding(by=one, division=county, item=item, year=year, shares={fund.pk: 1}, document="财社1号")
    confirm_funding(by=other, funding=stated)


def test_one_is_recorded_with_a_code_that_fits(city: SmallCity, one: User, sign_in: SignIn) -> None:
    client, code = sign_in(one), credit_code()
    asked = {
        "name": "松鹤养老院",
        "code": code,
        "division": "990101",
        "opened_on": "2020-01-01",
        "is_institution": "on",
    }
    assert "统一社会信用代码有误" in refused(client, at("new-organisation"), **{**asked, "code": f"{code[:17]}I"})
    assert "松鹤养老院" in sent(client, at("new-organisation"), **asked)
    assert "已登记" in refused(client, at("new-organisation"), **asked)
    assert "松鹤养老院" in client.get(at("organisations"), {"q": code, "kind": "institution"}).content.decode()
    assert "没有符合条件" in client.get(at("organisations"), {"kind": "provider"}).content.decode()


def test_the_first_is_asked_for_where_there_is_none_and_less_where_a_filter_finds_none(
    one: User, clerk: User, sign_in: SignIn
) -> None:
    client, path = sign_in(one), at("organisations")
    assert "录入第一家" in client.get(path).content.decode()
    assert "请放宽条件" in client.get(path, {"q": "没有这一家"}).content.decode()
    assert "由县（市、区）民政部门登记" in sign_in(clerk).get(path).content.decode()


def test_facts_are_recorded_over_time_and_taken_back_with_a_reason(
    one: User, home: Organisation, sign_in: SignIn
) -> None:
    client = sign_in(one)
    fact = at("organisation-fact", home.public_id, "approved_beds")
    sent(client, fact, value="120", valid_from="2024-01-01", document="核定文件")
    sent(client, at("organisation-fact", home.public_id, "running"), value="true", valid_from="2024-1-1", document="证")
    shown = page(client, home)
    assert "<b>120</b>" in shown
    assert "<b>是</b>" in shown
    record = home.records.get(fact="approved_beds")
    sent(client, at("retract-organisation-fact", home.public_id, record.pk), reason="录入错误")
    assert "已撤回：录入错误" in page(client, home)
    assert client.get(at("organisation-fact", home.public_id, "age")).status_code == 404


def test_a_number_left_empty_and_not_known_are_unknown(one: User, home: Organisation, sign_in: SignIn) -> None:
    know(one, home, approved_beds=120, founder="social")
    client = sign_in(one)
    for fact, value in (("approved_beds", ""), ("founder", "unknown")):
        path = at("organisation-fact", home.public_id, fact)
        sent(client, path, value=value, valid_from="2024-01-01", document="核定文件")
    latest = home.records.filter(valid_from=dt.date(2024, 1, 1))
    assert set(latest.values_list("fact", "value")) == {("approved_beds", None), ("founder", None)}


def test_an_account_needs_a_second_person(one: User, other: User, home: Organisation, sign_in: SignIn) -> None:
    first, second = sign_in(one), sign_in(other)
    said = {"name": home.name, "account": "6222020200000017", "document": "开户证明"}
    shown = sent(first, at("organisation-account", home.public_id), **said)
    assert "6222020200000017" not in shown
    account = BankAccount.objects.get()
    confirming = at("confirm-organisation-account", home.public_id, account.pk)
    assert confirming not in shown
    assert "登记人不能复核" in refused(first, confirming)
    assert confirming in page(second, home)
    sent(second, confirming)
    assert account_of(home) == account
    sent(second, at("end-organisation-account", home.public_id, account.pk))
    assert account_of(home) is None


def test_a_subsidy_is_applied_for_and_comes_into_the_ledger(
    city: SmallCity,
    one: User,
    other: User,
    home: Organisation,
    sign_in: SignIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from songhe.casework.domain.acting import Actor
    from songhe.casework.domain.notice import publish
    from songhe.casework.domain.steps import pass_step
    from songhe.common import clock

    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    package = county_package(tmp_path, "990101")
    client = sign_in(one)
    know(one, home, **BUILT)
    assert "4,000元 × 120 = 480,000元" in page(client, home)
    sent(client, at("apply-subsidy", home.public_id), subsidy=f"{package}/{BUILDING}")
    assert "未办结的件" in refused(client, at("apply-subsidy", home.public_id), subsidy=f"{package}/{BUILDING}")
    case = Case.objects.get()
    for path in (at("cases"), at("case", case.public_id)):
        assert home.name in client.get(path).content.decode()
    assert "养老服务机构一次性建设补贴</option>" in client.get(at("desk")).content.decode()
    settling = at("settle-subsidy", home.public_id, case.public_id)
    assert client.get(settling).status_code == 404
    pass_step(by=Actor(user=one), case=case, step="accept")
    checker = sign_in(other)
    doing = checker.get(at("case-act", case.public_id, "pass")).content.decode()
    shown = checker.get(at("case", case.public_id)).content.decode()
    assert ("4,000元 × 120 = 480,000元" in doing, "4,000元 × 120 = 480,000元" in shown) == (True, True)
    assert at("organisation", home.public_id) in shown
    assert "机构申请" in shown
    assert "XX-E-02a" in checker.get(at("case-act", case.public_id, "refuse")).content.decode().split("</option>")[2]
    pass_step(by=Actor(user=other), case=case, step="verify")
    assert "机构名称、所在地、事项" in checker.get(at("case-act", case.public_id, "publish")).content.decode()
    publish(by=Actor(user=other), case=case)
    with clock.standing_at(clock.now() + dt.timedelta(20)):
        third = holder(Role.COUNTY_BUREAU, city.counties[0], "third")
        pass_step(by=Actor(user=other), case=case, step="notice")
        pass_step(by=Actor(user=third), case=case, step="approve")
        assert settling in page(client, home)
        shown = client.get(at("case", case.public_id)).content.decode()
        assert ("一次性480,000元" in shown, "登记并复核收款账户" in shown) == (True, True)
        asked = client.get(settling).content.decode()
        assert "同意的金额：480,000元" in asked
        assert "还没有资金来源" in asked
        assert "没有说明资金来源" in refused(client, settling)
        bear(city, one, other, BUILDING, clock.today().year)
        assert "还没有资金来源" not in client.get(settling).content.decode()
        shown = sent(client, settling)
    assert Claim.objects.get().fen == 48_000_000
    assert "480,000元" in shown
    assert settling not in shown
    assert f"一次性建设补贴（{BUILDING}）" in shown
    assert at("payment-new", "batch") in shown
    assert "已入账" in client.get(client.get(settling).url).content.decode()
    assert "已入账" in refused(client, settling)


def test_who_bears_a_subsidy_is_stated_by_its_name_before_any_run(
    city: SmallCity, one: User, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    county_package(tmp_path, "990101")
    county = city.counties[0]
    fund = open_fund(by=one, kind=Fund.Kind.FISCAL, level=Fund.Level.COUNTY, division=county, year=2026)
    option = f"一次性建设补贴（{BUILDING}）</option>"
    client = sign_in(one)
    assert option in client.get(at("payment-new", "source")).content.decode()
    assert option in client.get(at("fund-deed", fund.pk, "budget")).content.decode()


def test_what_is_missing_leads_to_recording_it(
    one: User, home: Organisation, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    county_package(tmp_path, "990101")
    link = f'还缺：<a href="{at("organisation-fact", home.public_id, "founder")}">举办方</a>'
    assert link in page(sign_in(one), home)


def test_where_no_package_speaks_for_the_place_the_page_says_so(one: User, home: Organisation, sign_in: SignIn) -> None:
    assert "此地的政策包没有机构补贴" in page(sign_in(one), home)


def test_services_are_bought_delivered_verified_and_owed(
    city: SmallCity, one: User, other: User, home: Organisation, sign_in: SignIn
) -> None:
    first, second = sign_in(one), sign_in(other)
    asked = {"division": "990101", "document": "松民购〔2024〕3号", "service": "上门照护", "package": "suizhou-2023"}
    terms = {"clause": "SZ-L-03", "unit": "小时", "price": "50", "ceiling": "10000"}
    days = {"valid_from": "2024-01-01", "valid_to": "2024-12-31"}
    assert "没有条款" in refused(first, at("new-contract", home.public_id), **asked, **{**terms, "clause": "X"}, **days)
    sent(first, at("new-contract", home.public_id), **asked, **terms, **days)
    bought = Contract.objects.get()
    assert "登记人不能复核" in refused(first, at("confirm-contract", bought.public_id))
    sent(second, at("confirm-contract", bought.public_id))
    report = {"month": "2024-07", "units": "210", "people": "30", "document": "服务记录"}
    sent(first, at("new-delivery", bought.public_id), **report)
    made = Delivery.objects.get()
    verifying = at("verify-delivery", made.public_id)
    assert "填报人不能核实" in refused(first, verifying, units="210")
    sent(second, verifying, units="205", finding="五小时无记录")
    bear(city, one, other, "SZ-L-03", 2024)
    settling = at("settle-delivery", made.public_id)
    assert "只入账10,000元" in first.get(settling).content.decode()
    shown = sent(first, settling)
    assert "超上限" in shown
    assert Claim.objects.get().fen == 1_000_000
    assert "10,000元" in page(first, home)


def test_a_clerk_reads_and_changes_nothing(city: SmallCity, one: User, sign_in: SignIn, clerk: User) -> None:
    home = organisation(one, city.towns[0], name="镇上的养老院")
    client = sign_in(clerk)
    assert "镇上的养老院" in client.get(at("organisations")).content.decode()
    assert at("organisation-account", home.public_id) not in page(client, home)
    assert client.get(at("organisation-account", home.public_id)).status_code == 403


def test_it_closes_after_a_question(one: User, home: Organisation, sign_in: SignIn) -> None:
    client = sign_in(one)
    closing = at("close-organisation", home.public_id)
    assert "不能撤销" in client.get(closing).content.decode()
    assert "已终止" in sent(client, closing, on="2024-05-01", document="注销证明")


def test_lists_take_as_many_queries_with_three_rows_as_with_one(
    city: SmallCity, one: User, other: User, home: Organisation, sign_in: SignIn, queries_of: Callable[..., int]
) -> None:
    client = sign_in(one)
    bought = contract(one, other, home)
    know(one, home, approved_beds=50)
    account_for(home, one, other)

    def report(month: int) -> None:
        day = dt.date(2024, month, 1)
        report_delivery(by=one, contract=bought, month=day, units=10, people=2, document="服务记录")

    report(5)
    paths = (at("organisations"), at("organisation", home.public_id), at("contract", bought.public_id))
    before = [queries_of(client, path) for path in paths]
    for number in (1, 2):
        organisation(one, city.counties[0], name=f"另一家{number}")
        contract(one, other, home, document=f"第{number}号")
        know(one, home, actual_beds=50 + number)
        account_for(home, one, other, f"622202020000002{number}")
        report(5 + number)
    assert [queries_of(client, path) for path in paths] == before


def test_the_pages_are_for_everybody_and_for_a_telephone(
    city: SmallCity,
    one: User,
    other: User,
    home: Organisation,
    open_console: Callable[..., Any],
    accessible: Callable[[Any], None],
    fits: Callable[[Any], None],
) -> None:
    bought = contract(one, other, home)
    know(one, home, **BUILT)
    account_for(home, one, other)
    report_delivery(by=one, contract=bought, month=dt.date(2024, 7, 1), units=10, people=2, document="服务记录")
    for width in (1366, 390):
        tab = open_console(at("organisations"), other, width=width)
        for path in (
            at("organisations"),
            at("organisation", home.public_id),
            at("contract", bought.public_id),
            at("new-contract", home.public_id),
        ):
            tab.goto(path)
            accessible(tab)
            fits(tab)
