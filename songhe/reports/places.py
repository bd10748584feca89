"""The division of a report and those below it as rows that add up: what lies in none of them has a row of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from songhe.common.text import say
from songhe.divisions.queries import Node, Tree, count_by, tree_on
from songhe.reports.content import Row, Sum

# (division id, day, number)
Count = tuple[int, dt.date, int]


@dataclass(frozen=True)
class Grid:
    """A division on a day, and so many levels below it."""

    division: int
    day: dt.date
    depth: int

    @cached_property
    def tree(self) -> Tree:
        return tree_on(self.day)

    @property
    def top(self) -> Node:
        return self.tree.node(self.division)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The division first, every place before those below it."""
        return tuple(self._below(self.top, self.depth))

    def _below(self, node: Node, depth: int) -> Iterator[Node]:
        yield node
        if depth:
            for child in self.tree.children(node.id):
                yield from self._below(child, depth - 1)

    def children(self, node: Node) -> tuple[Node, ...]:
        """Those of its rows that stand right below a place."""
        return tuple(one for one in self.nodes if one.parent == node.id and one.id != self.top.id)

    def count(self, counts: Iterable[Count]) -> dict[int, int]:
        """Place (id) → number, with all that lies below it."""
        lots, found = list(counts), {}
        for level in {node.level for node in self.nodes}:
            by = count_by(level, lots, as_of=self.day)
            found |= {node.id: by.get(node.id, 0) for node in self.nodes if node.level == level}
        return found

    def rows(self, columns: Mapping[str, Mapping[int, int]]) -> tuple[tuple[Row, ...], tuple[Sum, ...]]:
        """Rows of code, name and the columns' numbers, and how they add up."""
        rows, sums = [], []
        for node in self.nodes:
            rows.append(_row(node.code, self._name(node), [column[node.id] for column in columns.values()]))
            if not (children := self.children(node)):
                continue
            left = [column[node.id] - sum(column[child.id] for child in children) for column in columns.values()]
            parts = [child.code for child in children]
            if any(left):
                rest = f"{node.code}-rest"
                rows.append(_row(rest, say(f"{node.name}（未落到下级）", f"{node.name} (place below unknown)"), left))
                parts.append(rest)
            sums.append(Sum(axis="rows", total=node.code, parts=tuple(parts), columns=tuple(columns)))
        return tuple(rows), tuple(sums)

    def _name(self, node: Node) -> str:
        """Below the top, with what lies between."""
        path = self.tree.path(node.id)
        start = [one.id for one in path].index(self.top.id)
        return "".join(one.name for one in path[start + 1 :]) or node.name


def _row(id: str, name: object, numbers: list[int]) -> Row:
    return Row(id=id, cells=(id, name, *numbers))
