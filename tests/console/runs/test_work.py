"""What a run leaves to do: differences to settle, facts to find, people to tell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from songhe.accounts.models import Entry, Role
from songhe.casework.models import Case
from songhe.divisions.models import Division
from songhe.entitlement.models import Plan
from songhe.registry.domain.facts import record_death, record_facts
from songhe.registry.domain.statements import Statement
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.console.runs.conftest import text_of

MISSING, FOUND = "/console/missing/", "/console/found/"


def run_page(run: Any) -> str:
    return f"/console/runs/{run.public_id}/"


@pytest.fixture
def late(elder, pay, by):
    """Li died in April, which is known only after May was paid; Wang's birth date was wrong by ten years."""
    li, wang = elder(name="李建国"), elder(name="王秀兰", birth_date="1950-06-20")
    pay(202605, accounts_from=202604)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 2))
    record_facts(by=by(), person=wang, statements=[Statement("birth_date", "1940-06-20")])
    return li, wang, pay(202606)


def test_late_facts_stand_as_signed_lines_with_their_reason_and_are_filtered(ma, late, divisions):
    li, _, run = late
    shown = text_of(ma.get(f"{run_page(run)}differences/"))
    assert shown.count("-60元") == 2
    assert "-120元" in shown and ">120元" in shown
    assert "不符合条件" in shown and "T-1" in shown
    assert f"/console/people/{li.public_id}/why/ALLOWANCE/202604/?run={run.public_id}" in shown
    lost = text_of(ma.get(FOUND, {"kind": "lost"}))
    assert "李建国" in lost and f"/console/people/{li.public_id}/why/" in lost
    assert Entry.objects.get(action="run.listed").details == {"month": "2026-06", "count": 4}
    path = f"{run_page(run)}differences/"
    assert "王秀兰" not in text_of(ma.get(path, {"kind": "recovery"}))
    assert "李建国" not in text_of(ma.get(path, {"kind": "arrears"}))
    assert "没有补发和追回" in text_of(ma.get(path, {"item": "MEAL"}))
    assert "李建国" in text_of(ma.get(path, {"division": divisions["640381001"]}))
    assert "没有补发和追回" in text_of(ma.get(path, {"division": divisions["640381002"]}))


def test_they_are_taken_along_as_a_file_with_an_audit_line(ma, late):
    li, _, run = late
    answer = ma.get(f"{run_page(run)}differences.csv", {"kind": "recovery"})
    header, first, second = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header[:2] == ["姓名", "档案编号"]
    place = "吴忠市青铜峡市镇1村11"
    assert first == [
        *("李建国", str(li.public_id), place, "高龄津贴", "2026-04", "追回"),
        *("-60", "60", "0", "不符合条件", "T-1"),
    ]
    assert second[4] == "2026-05"
    sheet = load_workbook(io.BytesIO(ma.get(f"{run_page(run)}differences.xlsx").content)).active
    assert sheet.max_row == 5
    assert [line.details["count"] for line in Entry.objects.filter(action="run.exported")] == [2, 4]
    assert ma.get(f"{run_page(run)}differences.pdf").status_code == 404


def test_a_recovery_is_planned_in_instalments_and_is_gone_from_the_list(chen, ma, late):
    li, wang, run = late
    assert ma.get(f"{run_page(run)}plan/{wang.public_id}/").status_code == 404
    assert "李建国" in text_of(ma.get("/console/recovery-plans/"))
    path = f"{run_page(run)}plan/{li.public_id}/"
    assert "-60元" in text_of(ma.get(path)) and "120元" in text_of(ma.get(path))
    assert "分期退回请填写期数" in text_of(ma.post(path, {"mode": "instalments", "reason": "困难"}))
    assert ma.post(path, {"mode": "instalments", "number": 2, "reason": "困难"}).status_code == 302
    assert (Plan.objects.get().fen, Plan.objects.get().number) == (12000, 2)
    assert "没有待定的追回" in text_of(ma.get("/console/recovery-plans/"))
    assert "2期，首期" in text_of(ma.get(path))
    assert "已有方案" in text_of(ma.get(f"{run_page(run)}differences/"))
    assert "不能免予追回" in text_of(chen.post(path, {"mode": "waived", "reason": "已故"}))


@pytest.fixture
def lacking(elder, decide):
    """Zhao's birth date is not known, nor whether Qian is on dibao, who lives in the other town."""
    zhao = elder(name="赵国强", birth_date=None)
    qian = elder(name="钱桂英", dibao=None, hukou="640381002201", residence="640381002201")
    return zhao, qian, decide(202606)


def test_facts_to_find_stand_by_village_the_most_money_first(chen, lacking):
    shown = text_of(chen.get(MISSING))
    assert shown.index("村11") < shown.index("村21")
    assert "150元" in shown


def test_a_list_says_what_settles_a_fact_and_leads_to_the_file(chen, lacking, divisions):
    zhao, _, _ = lacking
    shown = text_of(chen.get(f"{MISSING}{divisions['640381']}/"))
    assert shown.index("赵国强") < shown.index("钱桂英")
    assert f"/console/people/{zhao.public_id}/record/birth_date/" in shown
    assert "户口" in shown or "身份证" in shown
    assert "钱桂英" not in text_of(chen.get(f"{MISSING}{divisions['640381001201']}/"))


def test_what_has_arrived_is_gone(chen, lacking, divisions, by):
    zhao, _, _ = lacking
    record_facts(by=by(), person=zhao, statements=[Statement("birth_date", "1944-06-20")])
    assert "这里没有待补的事实" in text_of(chen.get(f"{MISSING}{divisions['640381001201']}/"))


def test_the_list_can_be_printed_and_taken_along(chen, lacking, divisions):
    path = f"{MISSING}{divisions['640381']}/"
    assert "分页显示" in text_of(chen.get(path, {"all": "1"}))
    _, first, _ = csv.reader(io.StringIO(chen.get(f"{path}list.csv").content.decode("utf-8-sig")))
    assert (first[0], first[5]) == ("赵国强", "150")
    assert Entry.objects.get(action="missing.exported").details == {"count": 2}


def test_a_village_worker_sees_the_own_village_only(lacking, divisions):
    home = Division.objects.get(pk=divisions["640381001201"])
    worker = session_of(holder(Role.VILLAGE_WORKER, home, "worker"))
    shown = text_of(worker.get(MISSING))
    assert "村11" in shown and "村21" not in shown
    assert "赵国强" in text_of(worker.get(f"{MISSING}{home.pk}/"))
    assert worker.get(f"{MISSING}{divisions['640381002201']}/").status_code == 404
    assert worker.get(f"{MISSING}{divisions['640381002201']}/list.csv").status_code == 404


def test_lists_take_as_many_queries_with_one_row_as_with_three(chen, lacking, elder, divisions, queries_of, pay, by):
    _, _, run = lacking
    path = f"{MISSING}{divisions['640381']}/"
    elder(name="孙丽", birth_date="1946-06-20")
    one = [queries_of(chen, path) for path in (MISSING, path)]
    for _ in range(2):
        elder(birth_date=None)
    chen.post(f"{run_page(run)}withdraw/", {"reason": "再来"})
    pay(202605)
    assert [queries_of(chen, path) for path in (MISSING, path)] == one


def test_people_found_are_listed_and_cases_opened_once(ma, elder, pay, clerks):
    li = elder(name="李秀英", birth_date="1946-06-20")
    pay(202605)
    assert "没有人" in text_of(ma.get(FOUND))
    run = pay(202606)
    shown = text_of(ma.get(FOUND))
    assert "李秀英" in shown and "免申即享" in shown and "2026-06" in shown and "150元" in shown
    assert f"why/ALLOWANCE/202606/?run={run.public_id}" in shown
    assert "没有人" in text_of(ma.get(FOUND, {"item": "MEAL"}))
    asked = text_of(ma.get(f"{run_page(run)}offer/"))
    assert "高龄津贴：1人" in asked and not Case.objects.exists()
    assert ma.post(f"{run_page(run)}offer/").status_code == 302
    assert Case.objects.get().person_id == li.pk
    ma.post(f"{run_page(run)}offer/")
    assert Case.objects.count() == 1


def test_a_case_about_what_the_run_pays_anyhow_says_that_it_only_confirms(ma, elder, pay, clerks):
    elder(name="李秀英", birth_date="1946-06-20")
    pay(202605)
    run = pay(202606)
    assert "办件只作确认" not in text_of(ma.get(FOUND))
    ma.post(f"{run_page(run)}offer/")
    path = f"/console/cases/{Case.objects.get().public_id}/"
    shown = text_of(ma.get(FOUND))
    assert f'<a href="{path}">已有办件' in shown and "办件只作确认" in shown
    assert "已随月度核定发放（最近2026-06）。本件只作确认" in text_of(ma.get(path))


def test_nothing_is_offered_before_the_run_is_accepted(ma, elder, pay, decide):
    elder(birth_date="1946-06-20")
    pay(202605)
    run = decide(202606)
    assert "采用此次核定后" in text_of(ma.get(FOUND))
    assert "请先采用此次核定" in text_of(ma.post(f"{run_page(run)}offer/"))


def test_who_is_entitled_and_did_not_apply_is_listed_and_told_why(ma, elder, decide, queries_of):
    wang = elder(name="王秀兰", disability_grade="1", disability_certificate_from="2026-01-03", birth_date="1950-06-20")
    run = decide(202606)
    path = f"{run_page(run)}ungranted/DISABILITY/"
    assert path in text_of(ma.get(run_page(run)))
    shown = text_of(ma.get(path))
    assert "王秀兰" in shown and "尚未申请" in shown
    why = text_of(ma.get(f"/console/people/{wang.public_id}/why/DISABILITY/202606/?run={run.public_id}"))
    assert "没有发放：" in why and "尚未申请" in why
    assert "没有人：符合条件的都已批准" in text_of(ma.get(f"{run_page(run)}ungranted/ALLOWANCE/"))
    assert ma.get(f"{run_page(run)}ungranted/NONE/").status_code == 404
    one = queries_of(ma, path)
    for _ in range(2):
        elder(disability_grade="1", disability_certificate_from="2026-01-03", birth_date="1950-06-20")
    ma.post(f"{run_page(run)}withdraw/", {"reason": "再来"})
    again = decide(202607)
    assert queries_of(ma, f"{run_page(again)}ungranted/DISABILITY/") == one
