"""How a task stands on a day: dates as precise as the document, milestones, what was done and when."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.text import say
from songhe.decision.task import CONTINUING, DONE, OPEN, OVERDUE, UNKNOWN_DAY, Done, due_day, stand
from songhe.policy.load import load_package
from songhe.policy.schema import Deadline, Milestone, Task

DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2027, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def due(text: str, precision: str = "day", *, continuing: bool = False) -> Deadline:
    return Deadline(date=day(text), precision=precision, continuing=continuing)  # type: ignore[arg-type]


def step(text: str) -> Milestone:
    return Milestone(text=say("里程碑", "milestone"), deadline=due(text, "month"))


def task(deadline: Deadline | None = None, *milestones: Milestone) -> Task:
    name = say("任务", "task")
    return Task(id="T", name=name, clauses=["C"], deadline=deadline or Deadline(), milestones=list(milestones))


KEPT_ON = Deadline(text="持续实施", continuing=True)


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (due("2023-11-15", "month"), "2023-11-30"),
        (due("2024-02-01", "month"), "2024-02-29"),
        (due("2023-01-01", "year"), "2023-12-31"),
        (due("2023-11-15"), "2023-11-15"),
    ],
)
def test_a_deadline_is_as_precise_as_the_document(deadline: Deadline, last: str) -> None:
    assert due_day(deadline) == day(last)
    assert stand(task(deadline), day(last), None).state == OPEN
    after = stand(task(deadline), day(last) + dt.timedelta(days=1), None)
    assert (after.state, after.days, after.overdue_since) == (OVERDUE, -1, day(last))


def test_before_the_end_of_november_is_not_december() -> None:
    row = load_package("suizhou-2023").tasks["SZ-T23-07"]
    assert row.deadline.text == "2023年11月底前"
    states = [stand(row, day(text), None).state for text in ("2023-11-29", "2023-11-30", "2023-12-01")]
    assert states == [OPEN, OPEN, OVERDUE]


def test_what_continues_is_never_overdue_and_names_what_it_missed() -> None:
    row = task(KEPT_ON, step("2019-06-30"), step("2020-12-31"))
    early, between, late = (stand(row, day(text), None) for text in ("2019-06-30", "2020-01-01", "2030-01-01"))
    assert {early.state, between.state, late.state} == {CONTINUING}
    assert [len(standing.missed) for standing in (early, between, late)] == [0, 1, 2]
    assert early.next_step and early.next_step.number == 1
    assert between.next_step and between.next_step.number == 2
    assert late.next_step is None and late.overdue_since == day("2019-06-30")


def test_a_row_without_a_date_of_its_own_is_overdue_with_its_milestone() -> None:
    row = task(None, step("2025-12-31"))
    assert stand(row, day("2025-12-31"), None).state == OPEN
    assert stand(row, day("2026-01-01"), None).state == OVERDUE
    assert stand(row, day("2026-01-01"), Done(milestones={1: day("2025-12-31")})).state == OPEN


def test_a_row_without_any_date_stays_open() -> None:
    assert stand(task(), dt.date.max, None).state == OPEN


def test_done_counts_from_its_day_on_and_says_that_it_is_late() -> None:
    row = task(due("2023-11-30"))
    done = Done(on=day("2023-12-05"))
    before, after = stand(row, day("2023-12-04"), done), stand(row, day("2023-12-05"), done)
    assert (before.state, before.done_on, before.late) == (OVERDUE, None, None)
    assert (after.state, after.done_on, after.late) == (DONE, day("2023-12-05"), 5)
    assert stand(row, day("2024-01-01"), Done(on=day("2023-11-30"))).late == 0


def test_an_unknown_day_of_doing_is_late_only_if_nobody_can_say_otherwise() -> None:
    row, done = task(due("2023-11-30")), Done(on=UNKNOWN_DAY)
    assert stand(row, day("2023-11-30"), done).late == 0
    assert stand(row, day("2023-12-01"), done).late is None


def test_a_milestone_is_done_by_itself_or_with_the_whole() -> None:
    row = task(KEPT_ON, step("2019-06-30"), step("2020-12-31"))
    first = stand(row, day("2020-01-01"), Done(milestones={1: day("2019-08-01")}))
    assert [found.state for found in first.steps] == [DONE, OPEN]
    assert first.steps[0].late == 32 and not first.missed
    whole = stand(row, day("2021-01-01"), Done(on=day("2020-06-01"), milestones={1: day("2019-06-01")}))
    assert whole.state == DONE
    assert [found.done_on for found in whole.steps] == [day("2019-06-01"), day("2020-06-01")]


def test_what_is_due_next_is_the_nearest_day_ahead() -> None:
    row = task(due("2025-12-31"), step("2024-06-30"))
    assert stand(row, day("2024-06-30"), None).next_due == day("2024-06-30")
    assert stand(row, day("2024-07-01"), None).next_due == day("2025-12-31")
    assert stand(row, day("2026-01-01"), None).next_due is None


@given(as_of=DAYS, done_on=st.none() | DAYS, last=DAYS)
def test_a_dated_task_is_overdue_exactly_when_its_day_is_over_and_it_is_not_done(
    as_of: dt.date, done_on: dt.date | None, last: dt.date
) -> None:
    found = stand(task(Deadline(date=last, precision="day")), as_of, Done(on=done_on))
    is_done = done_on is not None and done_on <= as_of
    assert found.state == (DONE if is_done else OVERDUE if as_of > last else OPEN)


@pytest.mark.parametrize(("package", "rows"), [("suizhou-2023", 43), ("xianyang-2019", 47), ("dongying-2024", 30)])
def test_every_row_of_the_documents_is_there_once(package: str, rows: int) -> None:
    numbered = [(task.year, task.row) for task in load_package(package).tasks.values() if task.row]
    assert len(set(numbered)) == rows


def test_sentences_that_break_off_are_marked() -> None:
    tasks = load_package("xianyang-2019").tasks.values()
    assert [task.id for task in tasks if task.breaks_off] == ["XY-T-09.1", "XY-T-27.1"]
    assert len({task.row.split(".")[0] for task in tasks if task.row}) == 33
