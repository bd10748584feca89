"""Putting together all that the judgement of some indicators in some divisions needs, in a few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from songhe.decision.indicator import Definition, Part
from songhe.divisions.models import Level
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.indicators.as_now import readings_now, total
from songhe.indicators.definitions import definition_for, definitions_over
from songhe.indicators.held import SUMMED, Held, Rows, rows_for
from songhe.indicators.standing import Known, Standing, stand
from songhe.policy.indicator import scale_of
from songhe.policy.package import Package
from songhe.policy.schema import Indicator

_LEVELS = {"county": Level.COUNTY, "town": Level.TOWN, "village": Level.VILLAGE}


@dataclass(frozen=True)
class Below:
    """What is stored for the places below: of those that targets speak of, and what those right below entered."""

    spoken_of: Rows
    entered: Rows


def tree_of(day: dt.date, tree: str) -> Tree:
    """The tree that figures of a day are shown on: that of the day, or `now`, today's."""
    return tree_on() if tree == "now" else tree_on(day)


def stand_in(
    package: Package,
    indicators: Sequence[Indicator],
    divisions: Sequence[int],
    day: dt.date,
    tree: str,
    known: dt.datetime | None = None,
    *,
    past: bool = False,
) -> dict[int, list[Standing]]:
    """`past`: with the months before the last, also of what is not compared with them."""
    ids = [one.id for one in indicators]
    nodes = {id: node for id in divisions if (node := tree_of(day, tree).get(id)) is not None}
    needs_past = any(one.kept or one.against for one in indicators) or past
    rows = rows_for(package, list(nodes), day, indicators=ids, latest=not needs_past, known=known)
    below = _below(indicators, list(nodes), day)
    parts = _rows_below(package, indicators, nodes.values(), below, day, known)
    laid = definitions_over(package.layers, nodes, day, known)
    now = readings_now(package, nodes, day, ids, known) if tree == "now" else {}
    found: dict[int, list[Standing]] = {}
    for id, node in nodes.items():
        found[id] = [
            _one(package, one, node, day, rows, parts, below, definition_for(laid, one.id, id, day), now)
            for one in indicators
        ]
    return found


def _rows_below(
    package: Package,
    indicators: Iterable[Indicator],
    nodes: Iterable[Node],
    below: Mapping[tuple[int, int], Sequence[Node]],
    day: dt.date,
    known: dt.datetime | None,
) -> Below:
    """Everything of the places that targets speak of; of those right below, only what they entered to be added up."""
    nodes = list(nodes)
    spoken = [one for one in indicators if any(_level_below(one, node) for node in nodes)]
    levels = {_level_below(one, node) for one in spoken for node in nodes} - {0}
    places = {one.id for (_, level), some in below.items() if level in levels for one in some}
    parts = rows_for(package, places, day, indicators=[one.id for one in spoken], latest=True, known=known)
    direct = {one.id for node in nodes for one in below.get((node.id, node.level + 1), ())}
    added = [one.id for one in indicators if _is_added_up(package, one)]
    entered = rows_for(package, direct, day, indicators=added, computed=False, known=known)
    return Below(parts, entered)


def _level_below(indicator: Indicator, node: Node) -> int:
    """Of which level below a figure is looked at as well: the one the target speaks of; 0 for none.

    A city's share may hide a county that falls short, so its counties are looked at whatever the target speaks of. A
    count of a city cannot be asked of a county.
    """
    level = _LEVELS.get(indicator.level)
    if level is None and node.level + 1 == Level.COUNTY and any(scale_of(one.unit) for one in indicator.targets):
        level = Level.COUNTY
    return level if level is not None and level > node.level else 0


def _one(
    package: Package,
    indicator: Indicator,
    node: Node,
    day: dt.date,
    rows: Rows,
    parts: Below,
    below: Mapping[tuple[int, int], Sequence[Node]],
    definition: Definition | None,
    now: Mapping[tuple[int, str], Held],
) -> Standing:
    series = list(rows.series(package, node.id, indicator.id))
    if (moved := now.get((node.id, indicator.id))) is not None:
        series = [*series[:-1], moved]
    level = _level_below(indicator, node)
    places = below.get((node.id, level), ()) if level else ()
    direct = below.get((node.id, node.level + 1), ())
    sum_of_children = _summed(package, indicator, direct, parts.entered)
    if sum_of_children is not None and (not series or series[-1].reading.numerator is None):
        series, sum_of_children = [*series[:-1], _filled(series, sum_of_children)], None
    known = Known(
        series=series,
        beside=rows.beside(package, node.id, indicator.id)[-1:],
        parts=_parts(package, indicator, places, parts.spoken_of),
        places=len(places) or None,
        definition=definition,
        children=sum_of_children,
    )
    standing = stand(package, indicator, node, day, known)
    return standing if moved is None else replace(standing, tree="now")


def _below(
    indicators: Iterable[Indicator], divisions: Iterable[int], day: dt.date
) -> dict[tuple[int, int], tuple[Node, ...]]:
    """(division, level) → the divisions of that level below it, for the levels that targets speak of and the next."""
    tree, found = tree_on(day), {}
    levels = {_LEVELS[one.level] for one in indicators if one.level in _LEVELS}
    for id in divisions:
        node = tree.get(id)
        if node is None:
            continue
        found[id, node.level + 1] = tree.children(id)
        for level in levels:
            if level > node.level + 1:
                inside = tree.subtree([id])
                found[id, int(level)] = tuple(one for one in tree.level(level) if one.id in inside)
    return found


def _parts(package: Package, indicator: Indicator, places: Iterable[Node], rows: Rows) -> list[Part]:
    found = []
    for node in places:
        series = rows.series(package, node.id, indicator.id)
        if series:
            found.append(Part(node.code, series[-1].reading, node.name))
    return found


def _summed(package: Package, indicator: Indicator, nodes: Sequence[Node], rows: Rows) -> Held | None:
    """What the divisions right below entered, added up: only when each has a figure of the same day."""
    if not _is_added_up(package, indicator):
        return None
    entered = [rows.entered.get((node.id, indicator.id), []) for node in nodes]
    days = set.intersection(*({one.day for one in some} for some in entered)) if entered else set()
    if not days:
        return None
    day = max(days)
    held = [next(one for one in reversed(some) if one.day == day) for some in entered]
    return Held(day, total(one.reading for one in held), SUMMED)


def _is_added_up(package: Package, indicator: Indicator) -> bool:
    """Whether the level above is the sum of those below, and the records do not count it."""
    rule = package.computed.get(indicator.id)
    return indicator.level != "each" and (rule is None or rule.numerator is None)


def _filled(series: Sequence[Held], summed: Held) -> Held:
    """The sum of what those below entered, with the denominator that the records count, where they do."""
    if not series or summed.reading.denominator is not None:
        return summed
    reading = replace(series[-1].reading, numerator=summed.reading.numerator, possible=None)
    return replace(series[-1], reading=reading, source=SUMMED)
