"""All that is known of the divisions over time, held in memory; the trees of its days are cut from it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from songhe.divisions.tree import Node, Tree

# A year of monthly figures beside today's.
TREES_KEPT = 16
_AFTER_ALL = float("inf")


@dataclass(frozen=True, slots=True)
class Span:
    """What a division was from a day to a day, both included; an open end is now."""

    node: Node
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Step:
    """A division that went on as another on a day; `change` orders what happened on the same day."""

    on: dt.date
    change: int
    before: int
    after: int


class History:
    def __init__(self, spans: Iterable[Span], steps: Iterable[Step]) -> None:
        self._spans = tuple(spans)
        # Between two of these days nothing changes, so all days between share one tree.
        self._days = sorted({day for span in self._spans for day in _edges(span)})
        self._onward: dict[int, list[Step]] = defaultdict(list)
        self._backward: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            self._onward[step.before].append(step)
            self._backward[step.after].append(step)
        self._tree = lru_cache(maxsize=TREES_KEPT)(self._build)

    def tree_on(self, day: dt.date) -> Tree:
        return self._tree(bisect_right(self._days, day))

    def _build(self, number: int) -> Tree:
        if number == 0:
            return Tree(())
        day = self._days[number - 1]
        return Tree(
            span.node
            for span in self._spans
            if span.valid_from <= day and (span.valid_to is None or day <= span.valid_to)
        )

    def carry(self, division_id: int, from_day: dt.date, to_day: dt.date) -> tuple[int, ...]:
        """What a division of one day is on another, earlier or later; see queries.carry."""
        back = to_day < from_day
        there = self.tree_on(to_day)
        found: set[int] = set()
        waiting = [(division_id, (from_day, _AFTER_ALL))]
        while waiting:
            one, moment = waiting.pop()
            if one in there:
                found.add(one)
            if back:
                waiting += [
                    (step.before, (step.on, step.change))
                    for step in self._backward.get(one, ())
                    if to_day < step.on and (step.on, step.change) < moment
                ]
            else:
                waiting += [
                    (step.after, (step.on, step.change))
                    for step in self._onward.get(one, ())
                    if step.on <= to_day and (step.on, step.change) > moment
                ]
        return tuple(sorted(found))


def _edges(span: Span) -> tuple[dt.date, ...]:
    if span.valid_to is None:
        return (span.valid_from,)
    return span.valid_from, span.valid_to + dt.timedelta(days=1)
