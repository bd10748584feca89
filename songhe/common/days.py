"""Days as people write and read them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from songhe.common.calendar import birthday
from songhe.common.text import Text, say

EARLIEST_YEAR, LATEST_YEAR = 1850, 2200
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHAPES = (
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})[-/.、,](\d{1,2})[-/.、,](\d{1,2})"),
    re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_ENGLISH = re.compile(r"(\d{1,2}) ([a-z]{3,9}),? (\d{4})", re.IGNORECASE)


class DayProblem(ValueError):
    """A text that is no day, with what to do about it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


UNREADABLE = Text(
    zh="看不懂这个日期。请按公历先写年、再写月和日，例如1944年5月1日、1944-05-01或19440501。",
    en="This date cannot be read. Write year, month, day, such as 1944-05-01 or 1 May 1944.",
)


def read_day(text: str) -> dt.date:
    """A day from `1944-05-01`, `1944年5月1日`, `1944.5.1`, `19440501` or `1 May 1944`; DayProblem says what is wrong.

    A swapped day and month is asked about, never turned round in silence.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    year, month, day = _numbers(plain)
    try:
        read = dt.date(year, month, day)
    except ValueError:
        raise DayProblem(_no_such_day(year, month, day)) from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise DayProblem(say(f"{year}年太早或太晚，请核对年份。", f"Please check the year {year}."))
    return read


def _numbers(plain: str) -> tuple[int, int, int]:
    if match := _ENGLISH.fullmatch(plain):
        for number, name in enumerate(_MONTHS, 1):
            if name.lower().startswith(match[2].lower()):
                return int(match[3]), number, int(match[1])
    tight = re.sub(r" ?([年月日号/.-]) ?", r"\1", plain)
    for shape in _SHAPES:
        if match := shape.fullmatch(tight):
            year, month, day = (int(part) for part in match.groups())
            return year, month, day
    raise DayProblem(UNREADABLE)


def _no_such_day(year: int, month: int, day: int) -> Text:
    zh, en = f"{year}年{month}月{day}日不存在。", f"There is no day {year:04d}-{month:02d}-{day:02d}."
    if month > 12 >= day >= 1:
        try:
            swapped = write_day(dt.date(year, day, month))
        except ValueError:
            return say(zh, en)
        zh += f"月和日是不是写反了？如果是{swapped.zh}，请改过来。"
        en += f" Are day and month swapped? If you mean {swapped.en}, please write that."
    return say(zh, en)


def write_day(day: dt.date) -> Text:
    """`1944年5月1日`, `1 May 1944`."""
    return say(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years of age (周岁) on a day not before the birth."""
    years = day.year - birth.year
    reached = birthday(birth, years)
    return years if reached is not None and reached <= day else years - 1


def next_birthday(birth: dt.date, day: dt.date) -> tuple[dt.date, int] | None:
    """The first birthday after a day and the age reached on it."""
    age = age_on(birth, day) + 1
    reached = birthday(birth, age)
    return (reached, age) if reached is not None and reached.year <= LATEST_YEAR else None


def age_reached_on(birth: dt.date | None, day: dt.date) -> int | None:
    """The age that is reached on exactly this day, if one is."""
    if birth is None or day <= birth:
        return None
    age = age_on(birth, day)
    return age if birthday(birth, age) == day else None
