"""A person's entitlements on the file: month by month, with the reason of each answer."""

from __future__ import annotations

import datetime as dt

import pytest

from songhe.accounts.models import Entry, Role
from songhe.divisions.models import Division
from songhe.registry.domain.facts import record_death
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.console.runs.conftest import text_of


def page_of(person) -> str:
    return f"/console/people/{person.public_id}/"


def test_without_an_accepted_run_it_says_so(ma, elder, decide):
    li = elder()
    decide(202606)
    assert "还没有采用的核定" in text_of(ma.get(f"{page_of(li)}entitlements/"))


def test_months_stand_as_accounted_and_decided_last(ma, elder, pay, by):
    li = elder()
    pay(202605, accounts_from=202603)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 2))
    pay(202606)
    shown = text_of(ma.get(f"{page_of(li)}entitlements/"))
    # March and the sum of the row; and the arrears of March and April, which the first run paid.
    assert shown.count(">60元") == 4
    # Three months in the matrix, and the two that were taken back.
    assert shown.count("不符合条件") == 5 and shown.count("-60元") == 2
    assert Entry.objects.filter(action="person.read", details__part="entitlements").exists()


def test_what_was_paid_and_taken_back_since_is_still_shown(ma, elder, pay, by):
    li = elder()
    pay(202605)
    record_death(by=by(), person=li, on=dt.date(2026, 4, 2))
    pay(202606)
    shown = text_of(ma.get(f"{page_of(li)}entitlements/"))
    assert "高龄津贴" in shown and "-60元" in shown and "2026-06" in shown


def test_the_reason_names_facts_sources_and_clauses(ma, elder, pay):
    li = elder(living="alone")
    run = pay(202606)
    shown = text_of(ma.get(f"{page_of(li)}why/ALLOWANCE/202606/"))
    assert "符合条件" in shown and "60元" in shown and "符合的条件：" in shown
    assert "1943-07-15" in shown and "公安" in shown
    assert "/policy/small-county#clause-T-1" in shown or "/policy/small-county/#clause-T-1" in shown
    assert text_of(ma.get(f"{page_of(li)}why/MEAL/202606/?run={run.public_id}")).count("独居") >= 1


def test_what_is_missing_is_named_with_what_settles_it(ma, elder, decide):
    li = elder(birth_date=None)
    run = decide(202606)
    assert "待补事实" in text_of(ma.get(f"{page_of(li)}entitlements/"))
    shown = text_of(ma.get(f"{page_of(li)}why/ALLOWANCE/202606/?run={run.public_id}"))
    assert "不能断定" in shown and "尚缺" in shown and "尚未采用" in shown
    assert f"{page_of(li)}record/birth_date/" in shown


@pytest.mark.parametrize("path", ["why/NONSENSE/202606/", "why/ALLOWANCE/202699/", "why/ALLOWANCE/202606/?run=x"])
def test_what_there_is_not_is_not_there(ma, elder, pay, path):
    li = elder()
    pay(202606)
    assert ma.get(page_of(li) + path).status_code == 404


def test_who_may_not_see_entitlements_has_no_such_part(elder, pay, county):
    li = elder()
    pay(202606)
    assessor = session_of(holder(Role.ASSESSOR, Division.objects.get(pk=county), "assessor"))
    assert "entitlements/" not in text_of(assessor.get(page_of(li)))
    assert assessor.get(f"{page_of(li)}entitlements/").status_code == 403
