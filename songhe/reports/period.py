"""The month or the year a report is about (报告期)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from songhe.common.calendar import last_day
from songhe.common.text import Text, say
from songhe.reports.errors import ReportError

MONTH, YEAR = "month", "year"
_WRITTEN = re.compile(r"(2\d{3})(?:[-年/.]?(0?[1-9]|1[0-2])月?)?年?")


@dataclass(frozen=True)
class Period:
    """`number` is 202405 for a month and 2024 for a year."""

    kind: str
    number: int

    @property
    def year(self) -> int:
        return self.number // 100 if self.kind == MONTH else self.number

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number % 100 if self.kind == MONTH else 1, 1)

    @property
    def last(self) -> dt.date:
        return last_day(self.year, self.number % 100 if self.kind == MONTH else 12)

    @property
    def months(self) -> tuple[int, int]:
        """The first and the last month, as numbers such as 202405."""
        return (self.number, self.number) if self.kind == MONTH else (self.year * 100 + 1, self.year * 100 + 12)

    @property
    def written(self) -> str:
        """`2024-05`, `2024`: as in addresses and names of files."""
        return f"{self.first:%Y-%m}" if self.kind == MONTH else str(self.number)

    @property
    def label(self) -> Text:
        if self.kind == MONTH:
            return say(f"{self.year}年{self.number % 100}月", f"{self.first:%B %Y}")
        return say(f"{self.number}年", f"the year {self.number}")


def read_period(text: str) -> Period:
    """A month written `2024-05` or `2024年5月`, or a year. Raises ReportError."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ReportError(
            f"看不懂期间“{text}”，请写成 2024-05（月）或 2024（年）。",
            f"{text!r} is no period; write 2024-05 for a month or 2024 for a year.",
        )
    year, month = match.groups()
    return Period(MONTH, int(year) * 100 + int(month)) if month else Period(YEAR, int(year))
