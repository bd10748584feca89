"""What is done, as a file says it: one line for a task or for one of its milestones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from songhe.common.calendar import parse_date
from songhe.decision.task import UNKNOWN_DAY, Done
from songhe.policy.package import Package
from songhe.policy.schema import Task

_TASK, _DAY, _MILESTONE = ("task", "id"), ("on", "date", "done"), ("milestone",)
_FIELDS = (*_TASK, *_DAY, *_MILESTONE, "note")


class DoneError(ValueError):
    """A field of a line that cannot be used: its name and what was wrong."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


@dataclass
class DoneFile:
    """Reads the lines of `--done` against a package's tasks."""

    package: Package
    whole: dict[str, dt.date] = field(default_factory=dict)
    milestones: dict[str, dict[int, dt.date]] = field(default_factory=dict)

    def of(self, task: str) -> Done | None:
        if task not in self.whole and task not in self.milestones:
            return None
        return Done(self.whole.get(task), self.milestones.get(task, {}))

    def key(self, raw: dict[str, Any]) -> str:
        """What a line is about; a second line about the same is refused."""
        task, number = self._task(raw), self._number(raw)
        return task.id if number is None else f"{task.id}, milestone {number},"

    def add(self, raw: dict[str, Any]) -> None:
        for name in raw:
            if name not in _FIELDS:
                raise DoneError(name, _unknown(name))
        task, number, day = self._task(raw), self._number(raw), _day(raw)
        if number is None:
            self.whole[task.id] = day
        else:
            self.milestones.setdefault(task.id, {})[number] = day

    def _task(self, raw: dict[str, Any]) -> Task:
        name = _one_of(_TASK, raw)
        if name is None:
            raise DoneError("task", "missing; write the id of a task")
        id = raw[name]
        if not isinstance(id, str):
            raise DoneError(name, f"{id!r} is not a text")
        if id not in self.package.tasks:
            near = get_close_matches(id, self.package.tasks, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise DoneError(name, f"{self.package.id} has no task {id!r}{hint}")
        return self.package.tasks[id]

    def _number(self, raw: dict[str, Any]) -> int | None:
        """A milestone's number, given as such or by its text; None for the whole task."""
        given = raw.get("milestone")
        if given is None:
            return None
        task = self._task(raw)
        texts = [milestone.text for milestone in task.milestones]
        if not texts:
            raise DoneError("milestone", f"{task.id} has no milestones; leave the field out")
        if isinstance(given, str):
            found = [number for number, text in enumerate(texts, start=1) if given in (text.zh, text.en)]
            if found:
                return found[0]
        elif isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= len(texts):
            return given
        raise DoneError("milestone", f"{given!r} is none of {task.id}; it has 1 to {len(texts)}")


def _day(raw: dict[str, Any]) -> dt.date:
    """The day it was done; without one, a day before every day that is asked about."""
    name = _one_of(_DAY, raw)
    if name is None or raw[name] is None or raw[name] is True:
        return UNKNOWN_DAY
    if raw[name] is False:
        raise DoneError(name, "false; leave out the lines of what is not done")
    if not isinstance(raw[name], str):
        raise DoneError(name, f"{raw[name]!r} is not a date; write it like 2024-05-01")
    try:
        return parse_date(raw[name])
    except ValueError as error:
        raise DoneError(name, str(error)) from None


def _one_of(names: tuple[str, ...], raw: dict[str, Any]) -> str | None:
    """The one of several names for the same thing that the line uses."""
    given = [name for name in names if name in raw]
    if len(given) > 1:
        raise DoneError(given[1], f"{given[0]} says the same; keep one of them")
    return given[0] if given else None


def _unknown(name: str) -> str:
    near = get_close_matches(name, _FIELDS, n=1)
    return f"unknown field; did you mean {near[0]}?" if near else f"unknown field; there are {', '.join(_FIELDS)}"
