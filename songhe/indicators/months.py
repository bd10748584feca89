"""Months by their last days, as figures are kept."""

from __future__ import annotations

import datetime as dt

from songhe.common import clock
from songhe.common.calendar import last_day


def last_month_end(day: dt.date | None = None) -> dt.date:
    """The last day of the month before a day's; a day that ends its month is itself."""
    today = day or clock.today()
    end = last_day(today.year, today.month)
    return end if end == today else today.replace(day=1) - dt.timedelta(days=1)


def month_end(day: dt.date, back: int = 0) -> dt.date:
    """The last day of the month so many months before a day's."""
    number = day.year * 12 + day.month - 1 - back
    return last_day(number // 12, number % 12 + 1)


def month_ends(last: dt.date, months: int) -> list[dt.date]:
    """The last days of so many months up to a day's month, oldest first; that of the day's own month is the day."""
    return [min(month_end(last, back), last) for back in reversed(range(months))]
