"""Two sums a month as bars side by side: numbers for an SVG that needs neither script nor style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from songhe.common.money import format_yuan

WIDTH, HEIGHT, GAP = 720, 180, 24


@dataclass(frozen=True)
class Bar:
    """A month's pair, in pixels; `label` stands below every sixth one."""

    title: str
    x: int
    width: int
    y_now: int
    now: int
    x_then: int
    y_then: int
    then: int
    label: str


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    base: int
    top: str
    bars: Sequence[Bar]


def chart_of(months: Sequence[tuple[str, int, int]]) -> Chart | None:
    """From (month, fen under the package in force, fen under the other); None when nothing is ever paid."""
    most = max((max(now, then) for _, now, then in months), default=0)
    if not most:
        return None
    step = max(WIDTH // len(months), 6)
    bars = [_bar(number, month, now, then, most, step) for number, (month, now, then) in enumerate(months)]
    return Chart(step * len(months), HEIGHT + GAP, HEIGHT, format_yuan(most), bars)


def _bar(number: int, month: str, now: int, then: int, most: int, step: int) -> Bar:
    low, high, each = now * HEIGHT // most, then * HEIGHT // most, max(step * 2 // 5, 2)
    x = number * step
    return Bar(
        title=f"{month}: {format_yuan(now)} → {format_yuan(then)}",
        x=x,
        width=each,
        y_now=HEIGHT - low,
        now=low,
        x_then=x + each,
        y_then=HEIGHT - high,
        then=high,
        label=month if number % 6 == 0 else "",
    )
