"""Reminders come before and after a date, each once, for what is not done."""

from __future__ import annotations

import datetime as dt

from songhe.plan.domain.reminders import remind
from songhe.plan.models import Reminder
from songhe.plan.queries import called_for
from songhe.plan.reminding import plan_on
from tests.plan.builders import COUNTIES, NOVEMBER, Office, day, on

EACH = "各县市区政府及管委会"


def offsets(task: str, place: int) -> list[int]:
    return list(Reminder.objects.filter(task=task, division=place).order_by("pk").values_list("offset", flat=True))


def test_the_plan_says_on_what_it_rests() -> None:
    plan = plan_on(day("2023-06-01"))
    assert plan is not None
    assert plan.offsets == [-30, -7, -1, 1, 7, 30]
    assert "惯例" in plan.because.zh
    assert plan_on(day("2022-12-31")) is None


def test_each_comes_once_and_a_night_that_was_left_out_is_made_up_for(office: Office) -> None:
    # Nothing a month ahead; then every day but the seventh before, which the sixth makes up for.
    for date in ("2023-10-30", "2023-10-31", "2023-11-24", "2023-11-29", "2023-11-30", "2023-12-01", "2023-12-20"):
        with on(date):
            remind()
            assert remind() == 0
    assert offsets(NOVEMBER, office.top) == [-30, -7, -1, 1, 7]


def test_places_that_lead_are_called_and_those_that_cooperate_are_not(office: Office) -> None:
    with on("2023-12-01"):
        remind()
    assert offsets(COUNTIES, office.east) == [-30]
    assert offsets("SZ-T23-02", office.east) == []


def test_what_is_done_is_not_called_for_any_more(office: Office) -> None:
    office.finish(COUNTIES, office.east, "2023-11-01", at="2023-11-02", unit=EACH)
    with on("2024-01-01"):
        remind()
        assert offsets(COUNTIES, office.east) == [] and offsets(COUNTIES, office.west) == [1]
        called = {(row.task.id, row.node.id) for row, _ in called_for(office.west_one, dt.date(2024, 1, 1))}
        assert (COUNTIES, office.west) in called
    office.finish(COUNTIES, office.west, "2024-01-05", at="2024-01-06", unit=EACH)
    with on("2024-01-07"):
        called = {(row.task.id, row.node.id) for row, _ in called_for(office.west_one, dt.date(2024, 1, 7))}
        assert (COUNTIES, office.west) not in called
