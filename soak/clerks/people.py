"""New people: numbers that nobody has, and the file in which a department sends them."""

from __future__ import annotations

import csv
import io
import itertools
import os
from collections.abc import Iterator, Sequence

from songhe.common.resident_id import check_digit

_DAYS = [f"{year}{month:02d}{day:02d}" for year in range(1930, 1960) for month in range(1, 13) for day in range(1, 29)]


def _sequence() -> Iterator[str]:
    """Each process begins somewhere else; the registry refuses a number that was given before."""
    start = int.from_bytes(os.urandom(4), "big")
    for place in itertools.count(start):
        day, rest = _DAYS[place % len(_DAYS)], place // len(_DAYS) % 1000
        area = 110000 + place // (len(_DAYS) * 1000) % 500000
        yield f"{area:06d}{day}{rest:03d}"


_NUMBERS = _sequence()


def resident_number() -> str:
    """A valid number of nobody."""
    first = next(_NUMBERS)
    return first + check_digit(first)


def csv_file(numbers: Sequence[str], village: str) -> bytes:
    """The rows of public security about new people."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["公民身份号码", "姓名", "户籍地代码"])
    writer.writerows([number, "人口", village] for number in numbers)
    return text.getvalue().encode()
