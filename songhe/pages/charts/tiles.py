"""A map without borders: a tile for each place, in a fixed order; real text, which wraps on a narrow screen."""

from __future__ import annotations

from django.utils.safestring import SafeString

from songhe.pages.charts.model import SIGNS, STATES, Mark, State, Tiles, text_of
from songhe.pages.charts.svg import element
from songhe.pages.charts.words import UNKNOWN, Speak


def tiles(chart: Tiles, speak: Speak) -> SafeString:
    """A list of links, one for each place, coloured and signed by answer or by class of value."""
    return element(
        "ul", *(_tile(mark, speak) for mark in chart.marks), class_="tile-map", aria_label=speak(chart.title)
    )


def _tile(mark: Mark, speak: Speak) -> SafeString:
    told = speak(UNKNOWN) if mark.value is None and not mark.text else speak(text_of(mark))
    sign = "" if mark.state is State.PLAIN else SIGNS[mark.state]
    inside = (
        element("span", speak(mark.label), class_="place"),
        element("span", told, class_="figure"),
        *((element("span", sign, class_="sign", aria_hidden="true"), _heard(mark, speak)) if sign else ()),
    )
    tag = {"href": mark.href} if mark.href else {}
    link = element("a" if mark.href else "span", *inside, class_=f"tile {class_of(mark)}", **tag)
    return element("li", link, data_key=mark.key or None)


def _heard(mark: Mark, speak: Speak) -> SafeString:
    return element("span", f" {speak(STATES[mark.state])}", class_="visually-hidden")


def class_of(mark: Mark) -> str:
    """How a place is coloured, the same on a tile, on a map and in the key."""
    if mark.step:
        return f"is-step-{mark.step}"
    return (
        f"is-{mark.state.value.replace('_', '-')}" if mark.value is not None or mark.state != State.PLAIN else "is-gap"
    )
