"""Rows of a package on a day: each task at its places, with what was done there and what was told last."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from songhe.decision.task import Done, Standing, stand
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.plan.models import Report
from songhe.plan.packages import city_of
from songhe.plan.told import Told, became, end_of
from songhe.plan.undertakings import COOPERATING, LEAD, Undertaking, at, parts
from songhe.policy.package import Package
from songhe.policy.schema import Task


@dataclass(frozen=True)
class Row:
    """A task at a place on a day: how it stands, what was told last, and how its parts stand (at the city).

    `standing` of a place that cooperates, or lies below one that leads, is that of who leads, unless its own part was
    confirmed as done.
    """

    package: Package
    undertaking: Undertaking
    standing: Standing
    last: Report | None
    parts: tuple[Row, ...] = ()

    @property
    def task(self) -> Task:
        return self.undertaking.task

    @property
    def node(self) -> Node:
        return self.undertaking.node

    @property
    def duty(self) -> str:
        return self.undertaking.duty

    @property
    def units(self) -> tuple[str, ...]:
        return self.undertaking.units

    @property
    def state(self) -> str:
        return self.standing.state

    @property
    def last_state(self) -> str:
        """What has become of the last report; empty when there is none."""
        return became(self.last) if self.last else ""

    @property
    def leading(self) -> tuple[Row, ...]:
        return tuple(part for part in self.parts if part.duty == LEAD)

    @property
    def counts(self) -> Counter[str]:
        """How many of the places that lead stand how."""
        return Counter(part.state for part in self.leading)


class Reader:
    """Makes rows of one package, day and moment; each row at the city is made once."""

    def __init__(self, package: Package, city: Node, tree: Tree, told: Told) -> None:
        self.package, self.city, self.tree, self.told = package, city, tree, told
        self._whole: dict[str, Row] = {}

    def row(self, task: Task, node: Node) -> Row | None:
        if node.id == self.city.id:
            return self.whole(task)
        undertaking = at(self.package, task, node, self.city, self.tree)
        return None if undertaking is None else self._part(undertaking)

    def whole(self, task: Task) -> Row:
        if task.id not in self._whole:
            self._whole[task.id] = self._make_whole(task)
        return self._whole[task.id]

    def _make_whole(self, task: Task) -> Row:
        undertaking = at(self.package, task, self.city, self.city, self.tree)
        assert undertaking is not None
        own = self._done(undertaking)
        named = list(parts(self.package, task, self.city, self.tree))
        leading = [self._row(one, self._done(one)) for one in named if one.duty == LEAD]
        if leading and all(self.package.units[name].each for name in task.lead):
            own = _together(own, leading)
        made = self._row(undertaking, own)
        others = [self._row(one, _either(self._done(one), made)) for one in named if one.duty == COOPERATING]
        return replace(made, parts=(*leading, *others))

    def _part(self, undertaking: Undertaking) -> Row:
        done = self._done(undertaking)
        if undertaking.duty == LEAD:
            return self._row(undertaking, done)
        if undertaking.duty == COOPERATING:
            return self._row(undertaking, _either(done, self.whole(undertaking.task)))
        nearest = next(
            part
            for node in reversed(self.tree.path(undertaking.node.id)[:-1])
            for part in self.whole(undertaking.task).leading
            if part.node.id == node.id
        )
        return self._row(undertaking, _either(done, nearest))

    def _done(self, undertaking: Undertaking) -> Done:
        task = undertaking.task
        return self.told.done(task.id, undertaking.node.id, len(task.milestones))

    def _row(self, undertaking: Undertaking, done: Done) -> Row:
        last = self.told.last(undertaking.task.id, undertaking.node.id)
        return Row(self.package, undertaking, stand(undertaking.task, self.told.day, done), last)


def _together(own: Done, leading: list[Row]) -> Done:
    """What all who lead together have done is done by the last of them; the city may also have said so itself."""
    whole = [part.standing.done_on for part in leading]
    steps: dict[int, dt.date] = dict(own.milestones)
    for number in range(1, len(leading[0].task.milestones) + 1):
        days = [part.standing.steps[number - 1].done_on for part in leading]
        steps |= _earliest(number, steps.get(number), _last_of(days))
    return Done(_first(own.on, _last_of(whole)), steps)


def _either(own: Done, other: Row) -> Done:
    """What was done here, or by who leads."""
    steps = dict(own.milestones)
    for step in other.standing.steps:
        steps |= _earliest(step.number, steps.get(step.number), step.done_on)
    return Done(_first(own.on, other.standing.done_on), steps)


def _earliest(number: int, one: dt.date | None, other: dt.date | None) -> dict[int, dt.date]:
    day = _first(one, other)
    return {} if day is None else {number: day}


def _first(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _last_of(days: list[dt.date | None]) -> dt.date | None:
    """The last of the days, when there is one for each."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def every_row(package: Package, day: dt.date) -> Iterator[Row]:
    """Every row with its parts, for jobs: what somebody sees of them, `queries` says."""
    tree = tree_on(day)
    city = city_of(package, tree)
    if city is None:
        return
    reader = Reader(package, city, tree, Told(package.id, day, end_of(day)))
    for task in package.tasks.values():
        whole = reader.whole(task)
        yield whole
        yield from whole.parts
