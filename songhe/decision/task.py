"""How a task stands on a day: open, overdue, done, or continuing beyond its milestones (任务状态).

A deadline is as precise as the document: what is due in a month is due at its end, what is due in a year at the end of
the year, and the day of the deadline itself is still in time. A task that continues (持续实施) is never overdue; what
it missed of its milestones is named. A task without a date of its own is overdue when a dated milestone of it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from songhe.common.calendar import last_day
from songhe.policy.schema import Deadline, Milestone, Task

OPEN, OVERDUE, DONE, CONTINUING = "open", "overdue", "done", "continuing"

# Done on a day that nobody wrote down: before every day that is asked about.
UNKNOWN_DAY = dt.date.min


@dataclass(frozen=True)
class Done:
    """What of a task is done, each from its day on; milestones by their number from 1."""

    on: dt.date | None = None
    milestones: Mapping[int, dt.date] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A milestone on a day: open, overdue (missed) or done."""

    number: int
    milestone: Milestone
    state: str
    due: dt.date | None
    done_on: dt.date | None
    late: int | None
    days: int | None


@dataclass(frozen=True)
class Standing:
    """A task on a day.

    `days` are left until the deadline, below zero those since it passed; `late` are the days by which it was done too
    late, 0 in time. Both are None where there is no date, and `days` once the task is done.
    """

    task: Task
    as_of: dt.date
    state: str
    due: dt.date | None
    done_on: dt.date | None
    late: int | None
    days: int | None
    steps: tuple[Step, ...]

    @property
    def missed(self) -> tuple[Step, ...]:
        """Milestones whose day passed without them."""
        return tuple(step for step in self.steps if step.state == OVERDUE)

    @property
    def next_step(self) -> Step | None:
        """The milestone that is due next; one without a date comes last."""
        ahead = [step for step in self.steps if step.state == OPEN]
        return min(ahead, key=lambda step: (step.due is None, step.due or dt.date.max, step.number), default=None)

    @property
    def next_due(self) -> dt.date | None:
        """The nearest day, of the task or a milestone, on which something is due; None when nothing is."""
        if self.state == DONE:
            return None
        days = [step.due for step in self.steps if step.state == OPEN]
        days += [self.due] if self.due is None or self.due >= self.as_of else []
        return min((day for day in days if day is not None), default=None)

    @property
    def overdue_since(self) -> dt.date | None:
        """The earliest date that passed without what was due on it, of the task itself or of a milestone."""
        passed = [step.due for step in self.missed]
        passed += [self.due] if self.state == OVERDUE else []
        return min((day for day in passed if day is not None and day < self.as_of), default=None)


def due_day(deadline: Deadline) -> dt.date | None:
    """The last day that is in time (到期日), None where the document gives none."""
    day = deadline.date
    if day is None:
        return None
    match deadline.precision:
        case "month":
            return last_day(day.year, day.month)
        case "year":
            return dt.date(day.year, 12, 31)
        case _:
            return day


def stand(task: Task, as_of: dt.date, done: Done | None) -> Standing:
    """How a task stands at the end of a day, with what was done up to then."""
    done = done or Done()
    whole = _until(done.on, as_of)
    steps = tuple(
        _step(number, milestone, as_of, _earlier(_until(done.milestones.get(number), as_of), whole))
        for number, milestone in enumerate(task.milestones, start=1)
    )
    due = due_day(task.deadline)
    return Standing(
        task=task,
        as_of=as_of,
        state=_state(task, as_of, whole, due, steps),
        due=due,
        done_on=whole,
        late=_late(whole, due, as_of),
        days=(due - as_of).days if due is not None and whole is None else None,
        steps=steps,
    )


def _state(task: Task, as_of: dt.date, whole: dt.date | None, due: dt.date | None, steps: tuple[Step, ...]) -> str:
    if whole is not None:
        return DONE
    if task.deadline.continuing:
        return CONTINUING
    if due is not None:
        return OVERDUE if as_of > due else OPEN
    return OVERDUE if any(step.state == OVERDUE for step in steps) else OPEN


def _step(number: int, milestone: Milestone, as_of: dt.date, done_on: dt.date | None) -> Step:
    due = due_day(milestone.deadline)
    state = DONE if done_on is not None else OVERDUE if due is not None and as_of > due else OPEN
    days = (due - as_of).days if due is not None and done_on is None else None
    return Step(number, milestone, state, due, done_on, _late(done_on, due, as_of), days)


def _until(day: dt.date | None, as_of: dt.date) -> dt.date | None:
    return day if day is not None and day <= as_of else None


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    """A milestone is done on its own day; one that has none, with the whole task."""
    return one if one is not None else other


def _late(done_on: dt.date | None, due: dt.date | None, as_of: dt.date) -> int | None:
    """Days between the deadline and a later day of doing; None when either is not known and it matters."""
    if done_on is None or due is None:
        return None
    if done_on == UNKNOWN_DAY:
        return 0 if as_of <= due else None
    return max((done_on - due).days, 0)
