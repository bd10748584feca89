"""The table behind a chart: every figure in words, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from songhe.pages.charts.model import (
    SIGNS,
    STATES,
    Bars,
    Chart,
    Mark,
    Pyramid,
    Shares,
    State,
    Tiles,
    Trend,
    cut_percent,
    text_of,
    written,
)
from songhe.pages.charts.svg import element
from songhe.pages.charts.words import ANSWER, NOTE, SHARE, TARGET, TOTAL, UNKNOWN, Speak

Row = Sequence[object]


def behind(chart: Chart, speak: Speak) -> SafeString:
    heads, rows = _content(chart, speak)
    head = element("thead", element("tr", *(_head(text, index) for index, text in enumerate(heads))))
    body = element("tbody", *(element("tr", *_cells(row)) for row in rows))
    return element("table", head, body, class_="table table-sm mb-0")


def _head(text: str, index: int) -> SafeString:
    return element("th", text, scope="col", class_="number" if index else None)


def _cells(row: Row) -> Iterator[SafeString]:
    yield element("th", row[0], scope="row")
    for cell in row[1:]:
        yield element("td", cell or "—", class_="number")


def _content(chart: Chart, speak: Speak) -> tuple[list[str], list[Row]]:
    match chart:
        case Pyramid():
            return _of_pyramid(chart, speak)
        case Shares():
            return _of_shares(chart, speak)
        case Trend() | Bars():
            aims = [_row(target, speak, first=f"{speak(TARGET)} {speak(target.label)}") for target in chart.targets]
            return _of_marks(chart, chart.marks, speak, aims)
        case Tiles():
            return _of_marks(chart, chart.marks, speak, [])
    raise TypeError(f"no table stands behind {type(chart).__name__}")


def _of_marks(chart: Chart, marks: Sequence[Mark], speak: Speak, more: Sequence[Row]) -> tuple[list[str], list[Row]]:
    heads = [speak(chart.column), speak(chart.value), speak(ANSWER), speak(NOTE)]
    rows = [*(_row(mark, speak) for mark in marks), *more]
    used = [index for index in range(4) if index < 2 or any(row[index] for row in rows)]
    return [heads[index] for index in used], [[row[index] for index in used] for row in rows]


def _row(mark: Mark, speak: Speak, first: str = "") -> Row:
    name = first or speak(mark.label)
    told = speak(UNKNOWN) if mark.value is None and not mark.text else speak(text_of(mark))
    answer = "" if mark.state is State.PLAIN else f"{SIGNS[mark.state]} {speak(STATES[mark.state])}"
    linked = element("a", name, href=mark.href) if mark.href else name
    return [linked, told, answer, speak(mark.note)]


def _of_pyramid(chart: Pyramid, speak: Speak) -> tuple[list[str], list[Row]]:
    heads = [speak(chart.column), speak(chart.sides[0]), speak(chart.sides[1]), speak(TOTAL)]
    rows: list[Row] = [
        [speak(band.label), written(band.left), written(band.right), _both(band.left, band.right)]
        for band in chart.bands
    ]
    sums = [_sum(band.left for band in chart.bands), _sum(band.right for band in chart.bands)]
    return heads, [*rows, [speak(TOTAL), written(sums[0]), written(sums[1]), _both(*sums)]]


def _sum(numbers: Iterator[int | None]) -> int | None:
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


def _both(left: int | None, right: int | None) -> str:
    return written(None if left is None or right is None else left + right)


def _of_shares(chart: Shares, speak: Speak) -> tuple[list[str], list[Row]]:
    whole = sum(mark.value or 0 for mark in chart.marks)
    heads = [speak(chart.column), speak(chart.value), speak(SHARE)]
    rows: list[Row] = [
        [*_row(mark, speak)[:2], "" if mark.value is None else cut_percent(mark.value, whole)] for mark in chart.marks
    ]
    return heads, [*rows, [speak(TOTAL), written(whole), ""]]
