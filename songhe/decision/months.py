"""Months as the days that decide them."""

from __future__ import annotations

import datetime as dt

from songhe.common.calendar import last_day, months_between, parse_month

Month = tuple[int, int]
MAX_MONTHS = 1_200


def parse_months(text: str) -> list[Month]:
    """`2024-01..2026-12` or a single month; ValueError says what was wrong."""
    first, is_range, last = text.partition("..")
    start, end = parse_month(first), parse_month(last if is_range else first)
    if end < start:
        raise ValueError(f"{last} lies before {first}; write the earlier month first")
    months = months_between(start, end)
    if len(months) > MAX_MONTHS:
        raise ValueError(f"{len(months)} months; at most {MAX_MONTHS}")
    return months


def deciding_day(month: Month, decided_by: str) -> dt.date:
    """The day whose facts decide a month."""
    year, number = month
    if decided_by == "first_day":
        return dt.date(year, number, 1)
    if decided_by == "month_before":
        year, number = (year - 1, 12) if number == 1 else (year, number - 1)
    return last_day(year, number)


def show_month(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"
