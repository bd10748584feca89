"""Figures of quality as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from songhe.registry.quality import Line, Summary


@dataclass(frozen=True)
class Row:
    """A line with its share, 0 to 1 and in words; `is_low`: look here first."""

    line: Line | Summary
    share: str
    part: float
    is_low: bool


_LOW = 0.9


def rows(lines: Iterable[Line | Summary]) -> list[Row]:
    return [_row(line) for line in lines]


def _row(line: Line | Summary) -> Row:
    part = line.complete
    if part is None:
        return Row(line, "—", 0.0, False)
    return Row(line, percent(part), part, part < _LOW)


def percent(part: float) -> str:
    """`99.9%`: cut, never rounded up, so that 100% is all."""
    return f"{int(part * 1000) / 10:.1f}%"
