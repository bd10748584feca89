"""Bars from zero on: beside each other, as a pyramid, or as the parts of one whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from songhe.pages.charts import svg
from songhe.pages.charts.model import SIGNS, Band, Bars, Mark, Pyramid, Shares, State, cut_percent, text_of, written
from songhe.pages.charts.scale import Scale, scale_for, shortened, width_of
from songhe.pages.charts.words import UNKNOWN, Speak

WIDTH, ROW = 480.0, 26.0
_LABELS, _VALUES = 150.0, 120.0
_MIDDLE, _BAND = 62.0, 22.0


def bars(chart: Bars, speak: Speak) -> SafeString:
    names = [speak(mark.label) for mark in chart.marks]
    left = 10 + min(_LABELS, max((width_of(name, svg.SIZE) for name in names), default=0))
    told = [_said(mark, speak) for mark in chart.marks]
    right = WIDTH - 10 - min(_VALUES, max((width_of(text, svg.SIZE) for text in told), default=0))
    known = [mark.value for mark in (*chart.marks, *chart.targets) if mark.value is not None]
    x = scale_for(known, start=left, end=right, from_zero=True)
    top = 20.0 if chart.targets else 4.0
    height = top + ROW * len(chart.marks) + 4
    rows = (
        _bar(chart.name, mark, name, text, x, top + ROW * index)
        for index, (mark, name, text) in enumerate(zip(chart.marks, names, told, strict=True))
    )
    aims = (_aim(target, x, top, height, speak) for target in chart.targets if target.value is not None)
    about = speak(chart.about)
    parts = (svg.state_patterns(chart.name), *aims, *rows)
    return svg.drawing(chart.name, speak(chart.title), about, WIDTH, height, *parts)


def _said(mark: Mark, speak: Speak) -> str:
    text = speak(UNKNOWN) if mark.value is None and not mark.text else speak(text_of(mark))
    return text if mark.state is State.PLAIN else f"{text} {SIGNS[mark.state]}"


def _bar(name: str, mark: Mark, label: str, told: str, x: Scale, top: float) -> SafeString:
    text = shortened(label, svg.SIZE, _LABELS)
    parts: list[object] = [svg.label(text, x.start - 6, top + 17, text_anchor="end")]
    end = x.start
    if mark.value is not None:
        zero, end = x.place(0), x.place(mark.value)
        parts.append(svg.box(min(zero, end), top + 5, abs(end - zero), ROW - 10, **svg.state_fill(name, mark.state)))
    else:
        parts.append(svg.line(x.start, top + 13, x.start + 24, top + 13, stroke_dasharray="2 4"))
        end = x.start + 24
    parts.append(svg.label(told, max(end, x.start) + 6, top + 17, fill=svg.COLOURS[mark.state], **svg.HALO))
    return svg.joined(parts)


def _aim(target: Mark, x: Scale, top: float, bottom: float, speak: Speak) -> SafeString:
    place = x.place(target.value or 0)
    words = f"{speak(target.label)} {speak(text_of(target))}".strip()
    across = svg.line(place, top, place, bottom, stroke=svg.INK, stroke_dasharray="6 4", stroke_width=1.2)
    return svg.joined((across, svg.label(words, place, top - 5, text_anchor="middle", font_weight=600)))


def pyramid(chart: Pyramid, speak: Speak) -> SafeString:
    widest = max((number or 0 for band in chart.bands for number in (band.left, band.right)), default=0)
    room = (WIDTH - _MIDDLE) / 2 - 54
    height = 24 + _BAND * len(chart.bands) + 4
    heads = (
        svg.label(speak(chart.sides[0]), WIDTH / 2 - _MIDDLE / 2 - 6, 15, text_anchor="end", font_weight=600),
        svg.label(speak(chart.sides[1]), WIDTH / 2 + _MIDDLE / 2 + 6, 15, font_weight=600),
    )
    rows = (
        _band(chart.name, band, 24 + _BAND * index, room / (widest or 1), speak)
        for index, band in enumerate(reversed(chart.bands))
    )
    about = speak(chart.about)
    return svg.drawing(chart.name, speak(chart.title), about, WIDTH, height, svg.patterns(chart.name, 2), *heads, *rows)


def _band(name: str, band: Band, top: float, unit: float, speak: Speak) -> SafeString:
    middle = svg.label(speak(band.label), WIDTH / 2, top + 16, text_anchor="middle")
    inner = WIDTH / 2 - _MIDDLE / 2
    left, right = (band.left or 0) * unit, (band.right or 0) * unit
    return svg.joined(
        (
            middle,
            svg.box(inner - left, top + 3, left, _BAND - 6, fill=svg.fill_of(name, 1), stroke="#6a9c86"),
            svg.label(written(band.left), inner - left - 5, top + 16, text_anchor="end"),
            svg.box(inner + _MIDDLE, top + 3, right, _BAND - 6, fill=svg.fill_of(name, 0)),
            svg.label(written(band.right), inner + _MIDDLE + right + 5, top + 16),
        )
    )


def shares(chart: Shares, speak: Speak) -> SafeString:
    whole = sum(float(mark.value or 0) for mark in chart.marks)
    rows = (len(chart.marks) + 1) // 2
    height = 46 + 24.0 * rows
    about = speak(chart.about)
    parts = (
        svg.patterns(chart.name, len(chart.marks)),
        *_parts(chart, whole),
        *_legend(chart.name, chart.marks, speak),
    )
    return svg.drawing(chart.name, speak(chart.title), about, WIDTH, height, *parts)


def _parts(chart: Shares, whole: float) -> Iterator[SafeString]:
    place = 1.0
    for number, mark in enumerate(chart.marks):
        width = (WIDTH - 2) * float(mark.value or 0) / whole if whole else 0.0
        if width:
            yield svg.box(place, 4, width, 30, fill=svg.fill_of(chart.name, number), stroke="#fff")
        place += width
    if not whole:
        yield svg.box(1, 4, WIDTH - 2, 30, fill="none", stroke=svg.GREY, stroke_dasharray="4 3")


def _legend(name: str, marks: Sequence[Mark], speak: Speak) -> Iterator[SafeString]:
    whole = sum(mark.value or 0 for mark in marks)
    for number, mark in enumerate(marks):
        x, y = (number % 2) * WIDTH / 2, 46 + 24.0 * (number // 2)
        share = "" if mark.value is None else cut_percent(mark.value, whole)
        words = f"{speak(mark.label)}  {speak(text_of(mark))}" + (f" · {share}" if share else "")
        yield svg.box(x + 1, y + 2, 14, 14, fill=svg.fill_of(name, number), stroke=svg.GREY)
        yield svg.label(shortened(words, svg.SIZE, WIDTH / 2 - 28), x + 22, y + 14)
