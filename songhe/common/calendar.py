"""Days, months and ages as the law counts them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def parse_date(text: str) -> dt.date:
    """An ISO date; a swapped day and month is named as such, never turned round in silence."""
    match = _ISO_DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date; write it like 2024-05-01")
    year, month, day = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        hint = ""
        if month > 12 >= day >= 1 and month <= 31:
            hint = f"; are day and month swapped ({year:04d}-{day:02d}-{month:02d})?"
        raise ValueError(f"{text} is not a day of the calendar{hint}") from None


def parse_month(text: str) -> tuple[int, int]:
    """Year and month of `2024-05`."""
    match = _MONTH.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise ValueError(f"{text!r} is not a month; write it like 2024-05")
    return int(match[1]), int(match[2])


def last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def months_between(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Every month from the first to the last, both included."""
    start, stop = first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1
    return [(number // 12, number % 12 + 1) for number in range(start, stop + 1)]


def birthday(birth: dt.date, age: int) -> dt.date | None:
    """The day an age (周岁) is reached: the birthday, 1 March for 29 February in a common year.

    None when that day lies beyond the calendar.
    """
    year = birth.year + age
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    if (birth.month, birth.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 3, 1)
    return birth.replace(year=year)


def latest_birth_date(day: dt.date, age: int) -> dt.date | None:
    """The latest birth date of those who have reached an age on a day; None when nobody can have."""
    year = day.year - age
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 2, 28)
    return day.replace(year=year)
