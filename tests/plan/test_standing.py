"""How rows stand at their places on any day, as what was recorded up to it says."""

from __future__ import annotations

import pytest

from songhe.accounts.scope import OutOfScope
from songhe.common import clock
from songhe.decision.task import DONE, OPEN, OVERDUE
from songhe.divisions.domain import New, merge, split
from songhe.plan.domain.settling import undo
from songhe.plan.queries import board, due, overdue, row, rows
from tests.plan.builders import COUNTIES, NOVEMBER, PACKAGE, TOGETHER, Office, day, on

EACH = "各县市区政府及管委会"


def test_every_task_of_the_document_is_on_the_board_of_the_city(office: Office) -> None:
    shown = rows(office.one, office.top, day("2023-12-01"))
    assert [one.task.id for one in shown] == list(PACKAGE.tasks)
    assert {one.node.id for one in shown} == {office.top}


def test_a_county_has_the_rows_that_name_all_counties(office: Office) -> None:
    shown = {one.task.id: one for one in rows(office.east_one, office.east, day("2023-12-01"))}
    named = [
        task.id
        for task in PACKAGE.tasks.values()
        if any(unit.startswith("各县") for unit in (*task.lead, *task.cooperating))
    ]
    assert list(shown) == named
    assert (shown[COUNTIES].duty, shown[TOGETHER].duty) == ("lead", "cooperating")
    assert shown[COUNTIES].units == (EACH,)


def test_a_town_below_a_county_that_leads_may_tell_of_it(office: Office) -> None:
    town = office.city.towns[0].pk
    shown = {one.task.id: one.duty for one in rows(office.clerk, town, day("2023-12-01"))}
    assert shown[COUNTIES] == "below" and TOGETHER not in shown


def test_nobody_owes_a_task_before_the_document(office: Office) -> None:
    assert board(office.one, office.top, day("2023-05-31")) is None
    assert rows(office.one, office.top, day("2023-05-31")) == []


def test_out_of_reach_is_refused(office: Office) -> None:
    with pytest.raises(OutOfScope):
        rows(office.east_one, office.west, day("2023-12-01"))
    assert row(office.east_one, PACKAGE, PACKAGE.tasks[COUNTIES], office.top, day("2023-12-01")) is None


def test_done_counts_from_its_day_and_only_once_it_was_confirmed(office: Office) -> None:
    office.finish(NOVEMBER, office.top, "2023-11-28", at="2023-12-05")
    with on("2024-01-01"):
        states = {
            text: office.row(NOVEMBER, office.top, text).state for text in ("2023-11-30", "2023-12-04", "2023-12-05")
        }
        # On the fourth of December nobody had recorded it yet …
        assert states == {"2023-11-30": OPEN, "2023-12-04": OVERDUE, "2023-12-05": DONE}
        # … and from today it is known to have been done in time.
        known = row(office.one, PACKAGE, PACKAGE.tasks[NOVEMBER], office.top, day("2023-11-28"), known=clock.now())
        assert known is not None and (known.state, known.standing.late) == (DONE, 0)


def test_what_was_undone_counts_for_nothing_from_then_on(office: Office) -> None:
    made = office.finish(NOVEMBER, office.top, "2023-11-28", at="2023-11-29")
    with on("2023-12-10"):
        undo(by=office.other, report=made, reason="户数不实")
    with on("2023-12-11"):
        assert office.row(NOVEMBER, office.top, "2023-12-09").state == DONE
        assert office.row(NOVEMBER, office.top, "2023-12-10").state == OVERDUE


def test_a_row_of_the_counties_is_done_with_the_last_of_them(office: Office) -> None:
    office.finish(COUNTIES, office.east, "2023-10-01", at="2023-10-08", unit=EACH)
    half = office.row(COUNTIES, office.top, "2023-12-01")
    assert half.state == OPEN and half.counts == {DONE: 1, OPEN: 1}
    office.finish(COUNTIES, office.west, "2023-12-20", at="2023-12-21", unit=EACH)
    with on("2024-02-01"):
        whole = office.row(COUNTIES, office.top, "2024-01-31")
        assert (whole.state, whole.standing.done_on) == (DONE, day("2023-12-20"))


def test_who_cooperates_stands_with_who_leads(office: Office) -> None:
    assert office.row(TOGETHER, office.east, "2024-01-01").state == OVERDUE
    office.finish(TOGETHER, office.top, "2023-12-30", at="2023-12-31")
    with on("2024-02-01"):
        assert office.row(TOGETHER, office.east, "2024-01-01").state == DONE


def test_what_is_due_and_what_is_overdue(office: Office) -> None:
    soon = [one.task.id for one in due(office.one, office.top, day("2023-11-20"), days=10)]
    assert soon == [NOVEMBER]
    assert [one.task.id for one in overdue(office.one, office.top, day("2023-12-01"))] == [NOVEMBER]


def test_a_merged_county_has_done_what_all_it_was_made_of_have_done(office: Office) -> None:
    office.finish(COUNTIES, office.east, "2023-10-01", at="2023-10-08", unit=EACH)
    merge(divisions=office.city.counties, into=New("421303", "东西区"), on=day("2023-11-01"))
    with on("2023-11-15"):
        (part,) = office.row(COUNTIES, office.top, "2023-11-10").leading
        assert part.state == OPEN
        before = office.row(COUNTIES, office.top, "2023-10-20")
        assert [one.state for one in before.leading] == [DONE, OPEN]


def test_the_parts_of_a_split_county_have_done_what_the_whole_had(office: Office) -> None:
    office.finish(COUNTIES, office.east, "2023-10-01", at="2023-10-08", unit=EACH)
    halves = [New("421304", "新东县"), New("421305", "新西县")]
    shares = {town: int(number > 0) for number, town in enumerate(office.city.towns[:3])}
    split(division=office.city.counties[0], parts=halves, children=shares, on=day("2023-11-01"))
    with on("2023-11-15"):
        parts = office.row(COUNTIES, office.top, "2023-11-10").leading
        assert {part.node.name: part.state for part in parts} == {"新东县": DONE, "新西县": DONE, "西县": OPEN}
