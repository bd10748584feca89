"""Days as Chinese offices write them, read without guessing."""

from __future__ import annotations

import datetime as dt
import re

_SPELLINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})",
        r"(\d{4})()(\d{2})(\d{2})",
        r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]",
    )
)
# What a spreadsheet adds to a day.
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


class DateError(ValueError):
    """A text that names no day; `zh` and `en` say why and how to write it, without the text itself."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def read_date(text: str) -> dt.date:
    """The day of `1944-02-29`, `1944/2/29`, `1944.2.29`, `19440229` or `1944年2月29日`. Raises DateError.

    The year stands first; what could be read in two ways is not read at all.
    """
    plain = _MIDNIGHT.sub("", text.strip().translate(_DIGITS)).replace(" ", "")
    match = next(filter(None, (spelling.fullmatch(plain) for spelling in _SPELLINGS)), None)
    if match is None:
        raise DateError("不是日期，请写成 1944-02-29 这样", "is no date; write it like 1944-02-29")
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    try:
        return dt.date(year, month, day)
    except ValueError:
        pass
    if month > 12 >= day >= 1 and month <= 31:
        raise DateError("月和日疑似写反，请改为 年-月-日", "has day and month swapped, it seems; write year-month-day")
    raise DateError("日历上没有这一天，请核对", "is not a day of the calendar; check it")
