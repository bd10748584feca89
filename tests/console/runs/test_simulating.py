"""A reform tried out at the console: in the background, with winners, losers and cost, for a day."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import yaml
from django.utils import timezone

from songhe.accounts.models import Entry, Role
from songhe.divisions.models import Division
from songhe.entitlement.domain.ordering import expire
from songhe.entitlement.jobs import start_simulation
from songhe.entitlement.models import Job, Line, Run
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.console.runs.conftest import born, text_of
from tests.entitlement.conftest import PACKAGE

DESK = "/console/simulations/"
ASKED = {
    "package": "small-county",
    "other": "small-county-reform",
    "month": "2026-06",
    "months": "3",
    "asking": "everybody",
}


def test_an_empty_desk_says_what_to_do(chen):
    assert "点“开始模拟”" in text_of(chen.get(DESK))


def test_winners_losers_and_cost(chen, worker, elder, county):
    for age in (81, 85, 91, 70):
        elder(birth_date=born(age))
    elder(birth_date="1946-08-15")
    address = chen.post(f"{DESK}new/", ASKED).url
    assert "排队中" in text_of(chen.get(address))
    worker()
    shown = text_of(chen.get(address))
    # 870 yuan now, 1,010 then: 140 more of 870.
    assert "人人都申请" in shown
    for figure in ("870元", "1,010元", "140元", "+16.0%", "40元", "10元", "高龄津贴", "<svg"):
        assert figure in shown
    assert not Run.objects.exists() and not Line.objects.exists()
    assert Entry.objects.get(action="run.simulated").details["other"] == "small-county-reform"
    assert "测试县改革方案" in text_of(chen.get(DESK))


def test_colleagues_of_the_same_reach_may_look_at_it_for_a_day(chen, ma, worker, elder, divisions):
    elder()
    address = chen.post(f"{DESK}new/", ASKED).url
    worker()
    assert "现行合计" in text_of(ma.get(address))
    other = session_of(holder(Role.COUNTY_BUREAU, Division.objects.get(pk=divisions["640302"]), "other"))
    assert other.get(address).status_code == 404
    expire(now=timezone.now() + dt.timedelta(hours=23))
    assert Job.objects.get().result is not None
    expire(now=timezone.now() + dt.timedelta(hours=25))
    shown = text_of(ma.get(address))
    assert "只保留一天" in shown and "重新开始" in shown
    assert "结果已过期" in text_of(ma.get(DESK))
    assert ma.post(f"{address}again/").url != address
    expire(now=timezone.now() + dt.timedelta(days=31))
    assert Job.objects.count() == 1


def test_a_county_without_people_is_told(worker, elder, divisions):
    elder(hukou="640302001201", residence="640302001201")
    city = session_of(holder(Role.CITY_BUREAU, Division.objects.get(pk=divisions["640300"]), "city"))
    address = city.post(f"{DESK}new/?county={divisions['640381']}", ASKED).url
    worker()
    assert "未成功" in text_of(city.get(address))


def test_only_those_who_hold_a_grant_may_be_counted(chen, worker, elder):
    elder()
    # Who is disabled gets nothing before an invitation was answered; the allowance comes without a form.
    elder(disability_grade="1", disability_certificate_from="2020-01-01", birth_date=born(65))
    costs = {}
    for asking in ("everybody", "holders"):
        address = chen.post(f"{DESK}new/", {**ASKED, "asking": asking}).url
        worker()
        chen.get(address)
        costs[asking] = sorted({cost["item"] for cost in Job.objects.latest("pk").result["costs"]})
    assert costs == {"everybody": ["ALLOWANCE", "DISABILITY"], "holders": ["ALLOWANCE"]}


def test_a_package_without_sums_is_not_proposed_first_and_says_that_there_is_no_cost_to_compare(
    chen, worker, elder, pay, tmp_path, monkeypatch
):
    shutil.copytree(Path(PACKAGE).parent, tmp_path / "policies")
    plan = tmp_path / "policies" / "small-county-plan"
    shutil.copytree(PACKAGE, plan)
    document = (plan / "document.yaml").read_text()
    (plan / "document.yaml").write_text(document.replace("id: small-county\n", "id: small-county-plan\n"))
    items = yaml.safe_load((plan / "entitlements.yaml").read_text())
    without = [{**item, "amount": {"kind": "unset", "unit": "元/月/人"}} for item in items]
    (plan / "entitlements.yaml").write_text(yaml.safe_dump(without, allow_unicode=True, sort_keys=False))
    (plan / "parameters.yaml").unlink()
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path / "policies"))
    elder()
    pay(202606)
    form = text_of(chen.get(f"{DESK}new/"))
    assert '<option value="small-county-reform" selected' in form
    assert "（small-county-plan）——没有给出金额" in form
    address = chen.post(f"{DESK}new/", {**ASKED, "other": "small-county-plan"}).url
    worker()
    shown = text_of(chen.get(address))
    assert "没有给出金额，因此没有可比较的支出" in shown
    assert "拟议合计" not in shown and "-100" not in shown and "−100" not in shown


def test_months_are_limited(chen, elder):
    elder()
    assert "不能大于60" in text_of(chen.post(f"{DESK}new/", {**ASKED, "months": "61"}))


def test_another_citys_rules_are_a_choice_and_say_who_gains_and_loses(chen, worker, elder):
    elder()
    form = text_of(chen.get(f"{DESK}new/"))
    assert '<option value="suizhou-2023">别市规则：' in form
    assert '<option value="suizhou-county-example"' not in form
    refused = chen.post(f"{DESK}new/", {**ASKED, "other": "suizhou-2023", "asking": "holders"})
    assert "别市的规则在本地没有已批准的人" in text_of(refused)
    address = chen.post(f"{DESK}new/", {**ASKED, "other": "suizhou-2023"}).url
    worker()
    shown = text_of(chen.get(address))
    for text in ("都当作在随州市", "谁享受什么", "免费乘坐城市公共交通", "SZ-L-08", "下面比的是谁享受什么"):
        assert text in shown
    assert not Run.objects.exists() and not Line.objects.exists()
    rows = chen.get(f"{address}turned.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("县区代码,县区,事项")
    assert any("SZ-L-08" in row and ",0,1,0,0,0," in row for row in rows)
    assert chen.get(f"{address}turned.xlsx").status_code == 200


def test_the_page_of_another_citys_rules_is_open_to_everybody(
    open_console, accessible, fits, clerks, county, elder, worker
):
    elder()
    asked = {"package": "small-county", "other": "suizhou-2023", "month": 202606, "months": 1}
    job = start_simulation(by=clerks["chen"], county=county, **asked)
    worker()
    tab = open_console(f"{DESK}{job.public_id}/", clerks["chen"])
    accessible(tab)
    fits(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    fits(tab)
