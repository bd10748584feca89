"""A month decided at the console: asked for, made in the background, answered for, accepted or withdrawn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.accounts.models import Entry, Role
from songhe.divisions.models import Division
from songhe.entitlement.domain import ordering
from songhe.entitlement.jobs import start_run
from songhe.entitlement.models import Job, Line, Run, RunStep
from songhe.registry.domain.facts import record_death
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.console.runs.conftest import text_of
from tests.entitlement.conftest import PACKAGE

RUNS = "/console/runs/"


def ask(client: Any, month: str = "2026-06", **more: str) -> Any:
    return client.post(f"{RUNS}new/", {"month": month, "package": "small-county", **more})


def page_of(run: Run) -> str:
    return f"{RUNS}{run.public_id}/"


def test_an_empty_desk_says_what_to_do(chen):
    assert "点“开始核定”" in text_of(chen.get(RUNS))


def test_a_month_is_asked_for_made_in_the_background_and_shown(chen, worker, elder, runs_home):
    elder()
    progress = ask(chen, "2026年6月").url
    assert not Run.objects.exists()
    assert "已排队" in text_of(chen.get(progress))
    worker()
    run = Run.objects.get()
    assert chen.get(progress).url == page_of(run)
    assert chen.get(progress, headers={"HX-Request": "true"}).headers["HX-Redirect"] == page_of(run)
    shown = text_of(chen.get(page_of(run)))
    assert "2026-06 核定" in shown and "高龄津贴" in shown and "60元" in shown
    assert run.package_hash in shown and run.files["lines.parquet"] in shown
    assert Entry.objects.get(action="run.ordered").details["month"] == "2026-06"
    assert "60元" in text_of(chen.get(RUNS))


def test_the_month_after_the_last_accepted_one_is_proposed(chen, elder, pay):
    elder()
    pay(202605)
    shown = text_of(chen.get(f"{RUNS}new/"))
    assert 'value="2026-06"' in shown and "记账起始月" not in shown
    assert '<option value="small-county" selected>' in shown
    assert "qingtongxia-2023" in shown and "xianyang" not in shown


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"month": "2026-13"}, "请写成 2026-10 这样的月份"),
        ({"month": ""}, "请填写"),
        ({"package": "xianyang-2019"}, "请从列表中选择"),
        ({"month": "2022-06"}, "不适用于此地或此月"),
        ({"accounts_from": "2026-07"}, "记账起始月须在"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_form(chen, elder, asked, told):
    elder()
    answer = ask(chen, **{"month": "2026-06", **asked})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Job.objects.exists()


def test_one_run_of_a_county_at_a_time(chen, elder, clerks, county, decide):
    elder()
    start_run(by=clerks["chen"], county=county, month=202606, package="small-county")
    assert "正在进行" in text_of(ask(chen))
    Job.objects.all().delete()
    decide(202606)
    assert "已有一次核定未了结" in text_of(ask(chen))
    assert "请先采用或撤销" in text_of(chen.get(f"{RUNS}new/"))


def test_what_refuses_a_run_at_work_is_said_and_it_can_be_started_again(chen, worker, clerks, county, elder):
    elder(hukou="640302001201", residence="640302001201")
    progress = ask(chen).url
    worker()
    shown = text_of(chen.get(progress))
    assert "未成功" in shown and "重新开始" in shown
    assert "未成功" in text_of(chen.get(RUNS))
    elder()
    again = chen.post(f"{progress}again/")
    assert again.url != progress
    worker()
    assert Run.objects.get().people == 1


def test_a_killed_worker_leaves_nothing_and_the_page_says_so(chen, clerks, county, elder, runs_home):
    elder()
    job = start_run(by=clerks["chen"], county=county, month=202606, package="small-county")
    # As it stands in the database when a process was killed at its work.
    gone = ordering.own().rpartition("/")[0] + "/999999999-1"
    Job.objects.filter(pk=job.pk).update(state="running", runner=gone, heartbeat=job.asked_at, step="past")
    shown = text_of(chen.get(f"{RUNS}jobs/{job.public_id}/"))
    assert "处理程序中断，没有留下任何结果" in shown and "重新开始" in shown
    assert not Run.objects.exists() and not list(runs_home.rglob("*.parquet"))


def test_answered_in_writing_and_accepted_by_somebody_else(chen, ma, elder, decide):
    elder(birth_date=None)
    run = decide(202606)
    assert run.state == "held"
    assert "所有项目都无人发放" in text_of(ma.get(page_of(run)))
    waits = '月度核定</span><span class="tile-figure">{}<'
    assert waits.format(1) in text_of(ma.get("/console/")) and waits.format(0) in text_of(chen.get("/console/"))
    assert "由另一人说明和采用" in text_of(chen.get(page_of(run)))
    assert "answer/" not in text_of(chen.get(page_of(run)))
    assert "经办人不能自行说明" in text_of(chen.post(f"{page_of(run)}answer/", {"text": "属实"}))
    assert "请填写" in text_of(ma.post(f"{page_of(run)}answer/", {"text": " "}))
    assert ma.post(f"{page_of(run)}answer/", {"text": "生日都待补。"}).url == page_of(run)
    assert "生日都待补。" in text_of(chen.get(page_of(run)))
    assert ma.post(f"{page_of(run)}accept/").url == page_of(run)
    assert [step.state for step in RunStep.objects.order_by("pk")] == ["held", "answered", "accepted"]


def test_accepting_says_first_what_will_become_lines(ma, elder, decide):
    elder()
    run = decide(202606)
    asked = text_of(ma.get(f"{page_of(run)}accept/"))
    assert "当月应发：1人，1笔，60元。" in asked and "账目不再更改" in asked
    assert not Line.objects.exists()
    ma.post(f"{page_of(run)}accept/")
    assert Line.objects.get().fen == 6000


def test_withdrawn_with_a_reason_and_run_again(chen, elder, decide):
    elder()
    run = decide(202606)
    assert chen.post(f"{page_of(run)}withdraw/", {"reason": ""}).status_code == 422
    chen.post(f"{page_of(run)}withdraw/", {"reason": "数据未齐"})
    assert "数据未齐" in text_of(chen.get(page_of(run)))
    assert ask(chen).status_code == 302


def test_each_item_stands_beside_the_month_before(chen, elder, pay):
    for _ in range(3):
        elder()
    pay(202605)
    elder(name="李秀英", birth_date="1946-06-20")
    run = pay(202606)
    shown = text_of(chen.get(page_of(run)))
    assert "与2026-05相比" in shown
    assert "+33.3%" in shown and "240元" in shown


def test_a_town_and_its_villages(chen, elder, decide, divisions):
    elder()
    elder(name="李秀英", hukou="640381002201", birth_date="1930-01-01")
    run = decide(202606)
    towns = text_of(chen.get(f"{page_of(run)}places/"))
    assert "镇1" in towns and "镇2" in towns and "210元" in towns
    villages = text_of(chen.get(f"{page_of(run)}places/?in={divisions['640381002']}"))
    assert "村21" in villages and "村11" not in villages


def test_the_city_chooses_a_county_first(elder, divisions, monkeypatch, tmp_path):
    (tmp_path / "small-county").symlink_to(Path(PACKAGE))
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    city = session_of(holder(Role.CITY_BUREAU, Division.objects.get(pk=divisions["640300"]), "city"))
    shown = text_of(city.get(f"{RUNS}new/"))
    assert "青铜峡市" in shown and "利通区" in shown
    assert "核定月份" in text_of(city.get(f"{RUNS}new/?county={divisions['640381']}"))
    assert "没有适用于本县的政策包" in text_of(city.get(f"{RUNS}new/?county={divisions['640302']}"))


def test_lists_take_as_many_queries_with_one_row_as_with_three(chen, elder, pay, queries_of):
    elder()
    run = pay(202605)
    paths = (RUNS, page_of(run), f"{page_of(run)}places/")
    one = [queries_of(chen, path) for path in paths]
    elder(hukou="640381002201")
    pay(202606)
    run = pay(202607)
    assert [queries_of(chen, path) for path in (RUNS, page_of(run), f"{page_of(run)}places/")] == one


def test_the_pages_are_open_to_everybody(open_console, accessible, fits, elder, pay, clerks, by):
    li = elder()
    pay(202605)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 30))
    elder(birth_date=None)
    run = pay(202606)
    person = f"/console/people/{li.public_id}/"
    tab = open_console(RUNS, clerks["ma"])
    paths = [
        f"{RUNS}new/",
        page_of(run),
        f"{page_of(run)}places/",
        f"{page_of(run)}differences/",
        f"{page_of(run)}plan/{li.public_id}/",
        "/console/recovery-plans/",
        "/console/missing/",
        f"/console/missing/{run.county_id}/",
        "/console/found/",
        "/console/found/?kind=lost",
        "/console/simulations/new/",
        f"{person}entitlements/",
        f"{person}why/ALLOWANCE/202605/",
    ]
    accessible(tab)
    for path in paths:
        assert tab.goto(path).status == 200, path
        accessible(tab)
        fits(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    for path in paths:
        tab.goto(path)
        fits(tab)
