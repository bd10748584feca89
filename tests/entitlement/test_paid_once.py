"""Sums that are paid once: for a granted case, for a household, never twice, and taken back when the grant falls."""

# ruff: noqa: F811

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.steps import refuse
from songhe.casework.models import Case
from songhe.entitlement.queries import accounted
from songhe.policy.load import load_package
from songhe.registry.domain.family import found_household
from songhe.registry.domain.merging import merge
from tests.casework.conftest import Desk, desk  # noqa: F401
from tests.entitlement.conftest import PACKAGE, VILLAGE, born

ADAPTING, RAIL, RIDE = "ADAPTING", "RAIL", "RIDE"
ITEMS = """
- id: {id}
  name: {{zh: 一次性补贴, en: A subsidy}}
  what: {{zh: 补贴, en: A subsidy}}
  who: age >= 60
  clauses: [T-2]
  amount: {{value: disability_sum, unit: {unit}}}
"""


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """100 yuan a household for adapting the home, 100 a person for a rail; a ride is paid by occasion."""
    folder = tmp_path / "once"
    folder.mkdir()
    folder.joinpath("document.yaml").write_text(
        "id: once\ntitle: {zh: 一次性, en: Once}\nstatus: example\nextends: small-county\n", encoding="utf-8"
    )
    units = {ADAPTING: "元/户", RAIL: "元/人", RIDE: "元/次"}
    text = "".join(ITEMS.format(id=id, unit=unit) for id, unit in units.items())
    folder.joinpath("entitlements.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SONGHE_POLICIES", f"{tmp_path}:{Path(PACKAGE).parent}")
    return load_package(str(folder))


@pytest.fixture
def elders(register: Any) -> list[Any]:
    return [register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date=born(70)) for _ in range(2)]


@pytest.fixture
def gets(granted: Any) -> Any:
    """`gets(person, item, date)`: granted on a day."""
    return lambda person, item, on: granted(person, item, on, package="once")


def test_it_is_paid_in_the_month_of_the_decision_at_the_sum_of_that_month(elders, gets, pay, once):
    gets(elders[0], RAIL, dt.date(2026, 3, 9))
    pay(202605, accounts_from=202602, package=once)
    pay(202606, package=once)
    assert accounted(elders[0].pk) == {(RAIL, 202603): 10000}
    assert accounted(elders[1].pk) == {}


def test_a_household_is_paid_once_and_two_people_twice(elders, gets, pay, once, by):
    found_household(by=by(), people=elders)
    for person, day in zip(elders, (20, 9), strict=True):
        gets(person, ADAPTING, dt.date(2026, 3, day))
        gets(person, RAIL, dt.date(2026, 4, day))
    pay(202604, accounts_from=202602, package=once)
    assert accounted(elders[0].pk) == {(RAIL, 202604): 11000}
    assert accounted(elders[1].pk) == {(ADAPTING, 202603): 10000, (RAIL, 202604): 11000}


def test_two_files_of_one_person_are_paid_once(elders, gets, pay, once, lines, by):
    for person, month in zip(elders, (3, 4), strict=True):
        gets(person, RAIL, dt.date(2026, month, 9))
    pay(202604, accounts_from=202602, package=once)
    merge(by=by(reason="同一人"), person=elders[1], into=elders[0])
    assert [row[1:4] for row in lines(pay(202605, package=once))] == [(RAIL, 202604, -11000)]
    assert accounted(elders[0].pk) == {(RAIL, 202603): 10000}


def test_it_is_taken_back_when_the_grant_falls(elders, pay, once, lines, desk: Desk):
    desk.day = dt.date(2026, 1, 5)
    first = desk.up_to("inform", desk.open(elders[0], package="once", item=RAIL))
    desk.passes("lan", first, "inform")
    pay(202602, accounts_from=202601, package=once)
    again = appeal(by=desk.applicant, case=first, reason="金额不对")
    desk.passes("qian", again, "accept")
    desk.passes("sun", again, "review")
    refuse(by=desk.staff("mei"), case=Case.objects.get(about=again), step="verify", reason="没有安装", clause="T-2")
    run = pay(202603, package=once)
    assert [row[1:4] for row in lines(run)] == [(RAIL, 202601, -10000)]
    assert run.lines.get().answer == "not_granted"


def test_a_unit_that_does_not_say_how_often_is_counted_and_not_paid(elders, gets, decide, once):
    gets(elders[0], RIDE, dt.date(2026, 3, 9))
    run = decide(202603, package=once)
    item = next(item for item in run.items if item["id"] == RIDE)
    assert (item["entitled"], item["pays"], item["unpaid"], item["paid"]) == (2, False, "unit", 0)
