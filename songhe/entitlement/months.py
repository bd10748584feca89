"""Months as numbers: October 2026 is 202610, in the tables and in every file of a run."""

from __future__ import annotations

from songhe.common.calendar import months_between
from songhe.decision.months import Month


def number(month: Month) -> int:
    return month[0] * 100 + month[1]


def month_of(number: int) -> Month:
    return divmod(number, 100)


def shifted(month: int, by: int) -> int:
    """The month `by` months later, or earlier when it is negative."""
    year, one = divmod(month, 100)
    count = year * 12 + one - 1 + by
    return count // 12 * 100 + count % 12 + 1


def months_from(first: int, last: int) -> list[int]:
    """Every month from the first to the last, both included; none when the last lies before the first."""
    return [number(month) for month in months_between(month_of(first), month_of(last))]


def shown(month: int) -> str:
    """`2026-10`."""
    return f"{month // 100:04d}-{month % 100:02d}"
