"""From figures to places on a drawing: round ticks, and where a number stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from songhe.pages.charts.model import Number


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high` on a way from `start` to `end`; `ticks` are round numbers between."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def place(self, value: Number) -> float:
        return self.start + (float(value) - self.low) / (self.high - self.low) * (self.end - self.start)


def scale_for(values: Iterable[Number], *, start: float, end: float, from_zero: bool = False, wanted: int = 4) -> Scale:
    """A scale that holds all the values between round numbers."""
    numbers = [float(value) for value in values] or [0.0]
    low, high = min(numbers), max(numbers)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        low, high = (low - 1, high + 1) if not from_zero else (low, high + 1)
    step = _step((high - low) / wanted)
    first, last = math.floor(low / step), math.ceil(high / step)
    # A share never goes below nothing.
    first = max(first, 0) if min(numbers) >= 0 else first
    return Scale(first * step, last * step, start, end, tuple(number * step for number in range(first, last + 1)))


def _step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    return next(times * magnitude for times in (1, 2, 5, 10) if times * magnitude >= rough * 0.999)


def shown_of(number: int, most: int) -> Sequence[int]:
    """Which of so many labels are written: at most so many, evenly, the last one always."""
    every = max(1, math.ceil(number / most))
    return [index for index in range(number) if (number - 1 - index) % every == 0]


def width_of(text: str, size: float) -> float:
    """About how wide a text stands: a Chinese character is as wide as it is high."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.66 for letter in text)


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of it as there is room for."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
