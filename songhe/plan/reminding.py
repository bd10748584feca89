"""When people are reminded of what is due (催办提醒), as the dated plan of `reminders.yaml` says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from songhe.common.text import Text
from songhe.decision.task import CONTINUING, DONE
from songhe.plan.reading import Row
from songhe.plan.undertakings import LEAD, WHOLE
from songhe.policy.schema import Entry
from songhe.policy.yamlfile import read_yaml

_FILE = Path(__file__).with_name("reminders.yaml")


class Plan(Entry):
    """How many days before and after a date, from a day on."""

    start: dt.date = Field(alias="from")
    before: list[int]
    after: list[int]
    because: Text

    @model_validator(mode="after")
    def _counts_days(self) -> Plan:
        if not all(0 < days <= 3650 for days in (*self.before, *self.after)):
            raise ValueError("write the days before and after as whole numbers above zero")
        return self

    @property
    def offsets(self) -> list[int]:
        """Days from the date, below zero before it, in their order."""
        return sorted({*(-days for days in self.before), *self.after})


@dataclass(frozen=True)
class Call:
    """What is called for: a row (milestone 0) or a milestone of it, `offset` days from its date."""

    task: str
    division: int
    milestone: int
    due: dt.date
    offset: int


@cache
def plans(path: Path = _FILE) -> tuple[Plan, ...]:
    """In the order of their days. Raises ValueError for a file that cannot be used."""
    return tuple(sorted(map(Plan.model_validate, read_yaml(path).data), key=lambda plan: plan.start))


def plan_on(day: dt.date) -> Plan | None:
    """The one that holds on a day."""
    return next((plan for plan in reversed(plans()) if plan.start <= day), None)


def calls(row: Row, day: dt.date) -> Iterator[Call]:
    """Everything of a row that is to be called for by a day, the latest step of each date alone.

    A night that was left out is made up for by the next; who was not called before is called once, not several times.
    """
    plan = plan_on(day)
    if plan is None or row.duty not in (WHOLE, LEAD) or row.state == DONE:
        return
    for milestone, due in _dates(row):
        reached = [offset for offset in plan.offsets if due + dt.timedelta(days=offset) <= day]
        if reached and _still_calls(reached[-1], plan, due, day):
            yield Call(row.task.id, row.node.id, milestone, due, reached[-1])


def _dates(row: Row) -> Iterator[tuple[int, dt.date]]:
    if row.standing.due is not None and row.state != CONTINUING:
        yield 0, row.standing.due
    for step in row.standing.steps:
        if step.due is not None and step.state != DONE:
            yield step.number, step.due


def _still_calls(offset: int, plan: Plan, due: dt.date, day: dt.date) -> bool:
    """A reminder before the date is for before it; one after it for as long as it is not done."""
    return offset > 0 or day <= due
