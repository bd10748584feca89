"""The divisions below by one indicator: tiles, and with borders a map, coloured by answer or by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from songhe.common.text import Text, say
from songhe.console.cockpit.lines import value_of
from songhe.console.cockpit.spot import Spot
from songhe.divisions.queries import Node
from songhe.indicators.queries import Standing
from songhe.pages.charts import Mark, State, Tiles, written
from songhe.policy.indicator import Indicator

STEPS = 5


@dataclass(frozen=True)
class Key:
    """A line of the legend: the class of its colour, and what it means."""

    style: str
    label: Text
    sign: str = ""


@dataclass(frozen=True)
class Picture:
    tiles: Tiles
    keys: tuple[Key, ...]


def picture_of(spot: Spot, indicator: Indicator, below: Sequence[tuple[Node, Standing]], *, by_value: bool) -> Picture:
    """Tiles in the order of the codes. By value: five steps of equal width between the lowest and the highest."""
    seen = [(node, standing) for node, standing in below if node.id in spot.within]
    values = {node.id: value_of(standing) for node, standing in seen}
    bounds = _bounds([value for value, _ in values.values() if value is not None]) if by_value else None
    query = f"{spot.query}{'&' if spot.query else '?'}map={indicator.id}{'&by=value' if by_value else ''}"
    marks = []
    for node, standing in seen:
        value, text = values[node.id]
        marks.append(
            Mark(
                node.name,
                value if value is not None or standing.held is None else Fraction(0),
                text,
                State(standing.answer) if standing.held or standing.judgements else State.PLAIN,
                standing.why[0] if standing.why else "",
                spot.of(node.id).split("?")[0] + query,
                _step(value, bounds) if bounds else 0,
                str(node.id),
            )
        )
    name = indicator.name
    title = say(f"{spot.node.name}：{name.zh}", f"{spot.node.name}: {name.en}")
    column = say("区划", "Division")
    return Picture(Tiles(name="map", title=title, column=column, marks=marks), _keys(marks, bounds))


def _bounds(values: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    return (min(values), max(values)) if values and min(values) < max(values) else None


def _step(value: Fraction | None, bounds: tuple[Fraction, Fraction]) -> int:
    if value is None:
        return 0
    low, high = bounds
    return min(int((value - low) * STEPS / (high - low)), STEPS - 1) + 1


_ANSWERS = (
    (State.MET, "is-met", say("达到", "met"), "✓"),
    (State.NOT_MET, "is-not-met", say("未达到", "not met"), "✗"),
    (State.UNDETERMINED, "is-undetermined", say("不能断定", "undetermined"), "?"),
)


def _keys(marks: Sequence[Mark], bounds: tuple[Fraction, Fraction] | None) -> tuple[Key, ...]:
    if bounds is None:
        number = Counter(mark.state for mark in marks)
        return tuple(
            Key(style, say(f"{label.zh} {number[state]}", f"{label.en} {number[state]}"), sign)
            for state, style, label, sign in _ANSWERS
        )
    low, width = bounds[0], (bounds[1] - bounds[0]) / STEPS
    edges = [(written(low + width * n), written(low + width * (n + 1))) for n in range(STEPS)]
    steps = tuple(Key(f"is-step-{n}", say(f"{a}–{b}", f"{a}–{b}")) for n, (a, b) in enumerate(edges, 1))
    without = sum(not mark.step for mark in marks)
    return (*steps, Key("is-undetermined", say(f"没有数值 {without}", f"no value {without}"))) if without else steps
