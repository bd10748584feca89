"""The tree of divisions on one day, held in memory; it never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from songhe.common.division import stem
from songhe.divisions.errors import DivisionError


@dataclass(frozen=True, slots=True)
class Node:
    """A division on one day; `id` and `parent` are ids of Division, `level` runs from 1 (province) to 5 (village)."""

    id: int
    code: str
    name: str
    level: int
    parent: int | None
    is_committee: bool = False


class Tree:
    """Every division of one day. Siblings stand in the order of their codes."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        ordered = sorted(nodes, key=lambda node: node.code)
        self._nodes = {node.id: node for node in ordered}
        self._by_stem = {stem(node.code): node for node in ordered}
        self._children: dict[int | None, list[Node]] = {}
        for node in ordered:
            self._children.setdefault(node.parent, []).append(node)
        # Depth first: what lies under a division is one slice of the order.
        self._order: list[int] = []
        self._slices: dict[int, slice] = {}
        for root in self.children(None):
            self._walk(root)
        self._check()

    def _walk(self, node: Node) -> None:
        start = len(self._order)
        self._order.append(node.id)
        for child in self.children(node.id):
            self._walk(child)
        self._slices[node.id] = slice(start, len(self._order))

    def _check(self) -> None:
        lost = [node.code for node in self._nodes.values() if node.id not in self._slices]
        if lost:
            codes = ", ".join(lost[:5])
            raise DivisionError(
                f"区划树不完整：{codes} 没有上级。请检查区划版本表。",
                f"The tree of divisions is broken: {codes} hang in the air. Check the table of versions.",
            )

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, division_id: object) -> bool:
        return division_id in self._nodes

    def __iter__(self) -> Iterator[Node]:
        """Every node, parents before their children."""
        return (self._nodes[division_id] for division_id in self._order)

    def node(self, division_id: int) -> Node:
        """Raises DivisionError when the division did not exist on the day."""
        node = self._nodes.get(division_id)
        if node is None:
            raise DivisionError(
                f"当日没有编号为 {division_id} 的区划。", f"There is no division {division_id} on that day."
            )
        return node

    def get(self, division_id: int) -> Node | None:
        return self._nodes.get(division_id)

    def find(self, code: str) -> Node | None:
        """The division of a code written in any of its lengths."""
        return self._by_stem.get(stem(code))

    def children(self, division_id: int | None) -> tuple[Node, ...]:
        """Those right below a division; of None, the roots."""
        return tuple(self._children.get(division_id, ()))

    def path(self, division_id: int) -> tuple[Node, ...]:
        """From the root down to the division itself."""
        node = self.node(division_id)
        above = () if node.parent is None else self.path(node.parent)
        return (*above, node)

    def full_name(self, division_id: int) -> str:
        """`随州市曾都区西城街道`."""
        return "".join(node.name for node in self.path(division_id))

    def subtree(self, division_ids: Iterable[int]) -> frozenset[int]:
        """The divisions and everything below them; what does not exist on the day holds nothing."""
        found: set[int] = set()
        for division_id in division_ids:
            if division_id in self._slices:
                found.update(self._order[self._slices[division_id]])
        return frozenset(found)

    def holds(self, above: int, below: int) -> bool:
        """Whether `below` is `above` itself or lies under it; False when either does not exist on the day."""
        if above not in self._slices or below not in self._slices:
            return False
        around = self._slices[above]
        return around.start <= self._slices[below].start < around.stop

    def level(self, level: int) -> tuple[Node, ...]:
        """Every division of a level, in the order of the tree."""
        return tuple(node for node in self if node.level == level)

    def at_level(self, division_id: int, level: int) -> Node | None:
        """The division of that level above this one, or this one when it is coarser than the level.

        None when everything above is finer than the level.
        """
        fitting = [node for node in self.path(division_id) if node.level <= level]
        return fitting[-1] if fitting else None

    def common(self, division_ids: Iterable[int]) -> Node | None:
        """The nearest division that holds all of these; None when there is none."""
        shared: Node | None = None
        for nodes in zip(*(self.path(division_id) for division_id in division_ids), strict=False):
            if len(set(nodes)) > 1:
                break
            shared = nodes[0]
        return shared
