"""Lines over months: with axes and targets, or small enough for a row of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from songhe.pages.charts import svg
from songhe.pages.charts.model import Mark, Spark, State, Trend, text_of, written
from songhe.pages.charts.scale import Scale, scale_for, shown_of, width_of
from songhe.pages.charts.words import Speak

WIDTH, HEIGHT = 480.0, 220.0
_TOP, _BOTTOM, _RIGHT = 14.0, 26.0, 14.0
_SPARK_WIDTH, _SPARK_HEIGHT, _EDGE = 132.0, 30.0, 5.0


def trend(chart: Trend, speak: Speak) -> SafeString:
    known = [mark.value for mark in (*chart.marks, *chart.targets) if mark.value is not None]
    y = scale_for(known, start=HEIGHT - _BOTTOM, end=_TOP)
    left = 8 + max(width_of(written(tick) + chart.unit, svg.SIZE) for tick in y.ticks)
    xs = _places(len(chart.marks), left + 8, WIDTH - _RIGHT)
    parts = (
        *_axis(y, left, chart.unit),
        *_months(chart.marks, xs, speak),
        *(_target(target, y, left, speak) for target in chart.targets if target.value is not None),
        *_stretches(chart.marks, xs, y),
        *_signs(chart.marks, xs, y, HEIGHT - _BOTTOM),
    )
    return svg.drawing(chart.name, speak(chart.title), speak(chart.about), WIDTH, HEIGHT, *parts)


def spark(chart: Spark, speak: Speak) -> SafeString:
    known = [mark.value for mark in chart.marks if mark.value is not None]
    aims = [] if chart.target is None else [chart.target]
    y = scale_for([*known, *aims], start=_SPARK_HEIGHT - _EDGE, end=_EDGE)
    xs = _places(len(chart.marks), _EDGE, _SPARK_WIDTH - _EDGE - 2)
    across = [_across(y.place(aim), 0, _SPARK_WIDTH) for aim in aims]
    last = [(mark, x) for mark, x in zip(chart.marks, xs, strict=True) if mark.value is not None][-1:]
    dots = [svg.sign(mark.state, x, y.place(mark.value or 0)) for mark, x in last]
    parts = (*across, *_stretches(chart.marks, xs, y), *dots)
    # The small line stands in a row of its own words: what it shows is read out month by month.
    told = speak(chart.about) or "；".join(f"{speak(mark.label)} {speak(text_of(mark))}" for mark in chart.marks)
    return svg.drawing(chart.name, speak(chart.title), told, _SPARK_WIDTH, _SPARK_HEIGHT, *parts)


def _places(number: int, left: float, right: float) -> list[float]:
    if number == 1:
        return [(left + right) / 2]
    return [left + (right - left) * index / (number - 1) for index in range(number)]


def _axis(y: Scale, left: float, unit: str) -> Iterator[SafeString]:
    for tick in y.ticks:
        place = y.place(tick)
        yield svg.line(left, place, WIDTH - _RIGHT, place, stroke="#dcdfda")
        yield svg.label(written(round(tick, 6)) + unit, left - 6, place + 4, text_anchor="end")


def _months(marks: Sequence[Mark], xs: Sequence[float], speak: Speak) -> Iterator[SafeString]:
    for index in shown_of(len(marks), 5):
        anchor = "end" if index == len(marks) - 1 and len(marks) > 1 else "middle"
        place = xs[index] + 6 if anchor == "end" else xs[index]
        yield svg.label(speak(marks[index].label), place, HEIGHT - 7, text_anchor=anchor)


def _target(target: Mark, y: Scale, left: float, speak: Speak) -> SafeString:
    place = y.place(target.value or 0)
    told = f"{speak(target.label)} {speak(text_of(target))}".strip()
    over = place - 5 if place > _TOP + 16 else place + 15
    words = svg.label(told, left + 4, over, font_weight=600, **svg.HALO)
    return svg.joined((_across(place, left, WIDTH - _RIGHT), words))


def _across(place: float, left: float, right: float) -> SafeString:
    return svg.line(left, place, right, place, stroke=svg.INK, stroke_dasharray="6 4", stroke_width=1.2)


def _stretches(marks: Sequence[Mark], xs: Sequence[float], y: Scale) -> Iterator[SafeString]:
    """A line for each stretch of known months; nothing leads across a gap."""
    points: list[str] = []
    for mark, x in zip((*marks, Mark("", None)), (*xs, 0.0), strict=True):
        if mark.value is not None:
            points.append(f"{x:.1f},{y.place(mark.value):.1f}")
            continue
        if len(points) > 1:
            yield svg.element("polyline", points=" ".join(points), fill="none", stroke=svg.PINE, stroke_width=1.8)
        points = []


def _signs(marks: Sequence[Mark], xs: Sequence[float], y: Scale, base: float) -> Iterator[SafeString]:
    small = 3.0 if len(marks) <= 36 else 2.2
    for mark, x in zip(marks, xs, strict=True):
        if mark.value is not None:
            yield svg.sign(mark.state, x, y.place(mark.value), small)
        elif mark.state is State.UNDETERMINED:
            yield svg.label("?", x, base - 4, text_anchor="middle", fill=svg.AMBER, font_weight=700)
