"""A chart as HTML: the picture, what its signs mean, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString

from songhe.pages.charts.bars import bars, pyramid, shares
from songhe.pages.charts.lines import spark, trend
from songhe.pages.charts.model import STATES, Bars, Chart, Pyramid, Shares, Spark, State, Tiles, Trend
from songhe.pages.charts.svg import element, sign
from songhe.pages.charts.table import behind
from songhe.pages.charts.tiles import tiles
from songhe.pages.charts.words import FIGURES, Speak, speaker

_DRAWN: dict[type[Chart], Callable[[Any, Speak], SafeString]] = {
    Bars: bars,
    Pyramid: pyramid,
    Shares: shares,
    Spark: spark,
    Tiles: tiles,
    Trend: trend,
}


def render(chart: Chart, *, english: bool = False, is_open: bool = False, heading: bool = True) -> SafeString:
    """A `<figure>` with the drawing and its table; a Spark is the drawing alone.

    `is_open` shows the table at once; without `heading` the title is not written above, for a chart below a heading.
    """
    speak = speaker(english=english)
    drawn = _DRAWN[type(chart)](chart, speak)
    if isinstance(chart, Spark):
        return drawn
    title = (element("figcaption", speak(chart.title)),) if heading else ()
    table = element(
        "details",
        element("summary", speak(FIGURES)),
        element("div", behind(chart, speak), class_="scroll"),
        class_="behind",
        **({"open": ""} if is_open else {}),
    )
    return element("figure", *title, drawn, *_key(chart, speak), table, class_="graph")


def _key(chart: Chart, speak: Speak) -> tuple[SafeString, ...]:
    """What the signs on a line mean, as far as there are any."""
    if not isinstance(chart, Trend):
        return ()
    there = {mark.state for mark in chart.marks} - {State.PLAIN}
    if not there:
        return ()
    signs = (_signed(state, speak) for state in State if state in there)
    return (element("p", *signs, class_="graph-key"),)


def _signed(state: State, speak: Speak) -> SafeString:
    picture = element("svg", sign(state, 7, 7), width=14, height=14, aria_hidden="true")
    return element("span", picture, speak(STATES[state]))
