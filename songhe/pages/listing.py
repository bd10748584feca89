"""A part of what was worked out as a whole, such as a list of findings: by numbers, fifty at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True)
class Part(Generic[T]):
    """Rows of one part, with the numbers of the parts before and after; None where there is none."""

    rows: Sequence[T]
    number: int
    before: int | None
    after: int | None


def part_of(rows: Sequence[T], wanted: str, size: int = SIZE) -> Part[T]:
    """Part 1, 2, …; what is no number of a part gives the nearest there is."""
    last = max((len(rows) + size - 1) // size, 1)
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    number = min(max(number, 1), last)
    some = rows[(number - 1) * size : number * size]
    return Part(some, number, number - 1 if number > 1 else None, number + 1 if number < last else None)
