"""Working days of China (工作日), from one table of holidays and make-up days for each year.

The State Council publishes a year's table in the autumn before it. A year without a table is counted by weekdays alone,
and every answer says so. An operator's tables, in the folders of SONGHE_HOLIDAYS, stand before the built-in ones;
they are read when the process first asks for the year.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from songhe.common.calendar import parse_date
from songhe.common.text import Text, say

BUILT_IN = Path(__file__).parent / "holidays"
FOLDERS_VARIABLE = "SONGHE_HOLIDAYS"
_DAY = dt.timedelta(days=1)
_SATURDAY = 5


class HolidayError(ValueError):
    """A table of holidays that cannot be used: which file, what is wrong, how to mend it."""


@dataclass(frozen=True)
class Due:
    """A day found by counting working days; `unknown_years` had no table and were counted by weekdays only."""

    day: dt.date
    unknown_years: tuple[int, ...] = ()

    @property
    def note(self) -> Text | None:
        return _note(self.unknown_years)


@dataclass(frozen=True)
class Span:
    """A number of working days; `unknown_years` had no table and were counted by weekdays only."""

    number: int
    unknown_years: tuple[int, ...] = ()

    @property
    def note(self) -> Text | None:
        return _note(self.unknown_years)


@dataclass(frozen=True)
class _Year:
    off: frozenset[dt.date]
    work: frozenset[dt.date]


def is_workday(day: dt.date) -> bool | None:
    """Whether a day is worked; None on a weekday of a year without a table, which might be a holiday."""
    table = _table(day.year)
    if table is None:
        return None if day.weekday() < _SATURDAY else False
    return _worked(day, table)


def add_workdays(start: dt.date, number: int) -> Due:
    """The day on which a period of that many working days ends.

    The day it starts on is not counted (Civil Code art. 201). ValueError for a negative number.
    """
    if number < 0:
        raise ValueError(f"a period has no {number} working days")
    day, left = start, number
    unknown: set[int] = set()
    while left:
        day += _DAY
        table = _table(day.year)
        if table is None:
            unknown.add(day.year)
        left -= _worked(day, table)
    return Due(day, tuple(sorted(unknown)))


def workdays_between(start: dt.date, end: dt.date) -> Span:
    """The working days after `start` up to and with `end`: what `add_workdays` was given; negative towards the past."""
    if end < start:
        back = workdays_between(end, start)
        return Span(-back.number, back.unknown_years)
    number = 0
    unknown: set[int] = set()
    for day in _days(start + _DAY, end):
        table = _table(day.year)
        if table is None:
            unknown.add(day.year)
        number += _worked(day, table)
    return Span(number, tuple(sorted(unknown)))


def last_day_of_period(start: dt.date, days: int) -> Due:
    """The day on which a period of calendar days ends; when it is a day off, the next working day does.

    The day it starts on is not counted (Civil Code art. 201 and 203).
    """
    day = start + days * _DAY
    unknown: set[int] = set()
    while True:
        table = _table(day.year)
        if table is None:
            unknown.add(day.year)
        if _worked(day, table):
            return Due(day, tuple(sorted(unknown)))
        day += _DAY


def _worked(day: dt.date, table: _Year | None) -> bool:
    weekday = day.weekday() < _SATURDAY
    if table is None:
        return weekday
    return day in table.work or (weekday and day not in table.off)


def _note(years: tuple[int, ...]) -> Text | None:
    if not years:
        return None
    listed = "、".join(map(str, years))
    return say(
        f"{listed}年的节假日安排尚未载入，只按周一至周五计算。",
        f"No table of holidays for {', '.join(map(str, years))}: counted by weekdays only.",
    )


def _table(year: int) -> _Year | None:
    return _read(year, os.environ.get(FOLDERS_VARIABLE, ""))


@lru_cache(maxsize=64)
def _read(year: int, folders: str) -> _Year | None:
    for folder in [*(Path(part) for part in folders.split(os.pathsep) if part), BUILT_IN]:
        path = folder / f"{year}.yaml"
        if path.is_file():
            return _checked(path, year, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
    return None


def _checked(path: Path, year: int, data: Any) -> _Year:
    if not isinstance(data, dict) or set(data) - {"notice", "off", "work"} or "off" not in data:
        raise HolidayError(f"{path.name}：应有 off 和 work： It must have off, and may have work and notice.")
    off, work = (frozenset(_listed(path, data.get(key) or [])) for key in ("off", "work"))
    for day in sorted(off | work):
        if day.year != year:
            raise HolidayError(f"{path.name}：{day} 不在该年： {day} belongs to the table of {day.year}.")
    for day in sorted(work):
        if day in off or day.weekday() < _SATURDAY:
            raise HolidayError(f"{path.name}：{day} 不是调休上班日： {day} is no make-up day; take it out of work.")
    return _Year(off, work)


def _listed(path: Path, entries: list[str]) -> Iterator[dt.date]:
    for entry in entries:
        first, _, last = entry.partition("..")
        try:
            yield from _days(parse_date(first), parse_date(last or first))
        except ValueError as error:
            raise HolidayError(f"{path.name}：{entry}：日期有误： {error}") from None


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += _DAY
