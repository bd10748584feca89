"""The life of a division as a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.console.places import names_of
from songhe.divisions.models import Change
from songhe.divisions.queries import Episode, Node, Passage, Tree, passages

KINDS = {
    Change.Kind.FOUNDED: say("设立", "Founded"),
    Change.Kind.RENAMED: say("更名", "Renamed"),
    Change.Kind.RECODED: say("代码变更", "New code"),
    Change.Kind.MOVED: say("划转", "Moved"),
    Change.Kind.MERGED: say("合并", "Merged"),
    Change.Kind.SPLIT: say("拆分", "Split"),
    Change.Kind.DISSOLVED: say("撤销", "Dissolved"),
}


@dataclass(frozen=True)
class Chapter:
    episode: Episode
    kind: Text
    parent: str


@dataclass(frozen=True)
class Kin:
    """Another division that this one came from or went on as; `is_after` says which."""

    passage: Passage
    other: int
    name: str
    is_after: bool


def crumbs(tree: Tree, division_id: int, within: frozenset[int]) -> list[tuple[Node, bool]]:
    """What lies above, from the top, and whether it may be opened; nothing for what is not there on the day."""
    return [(node, node.id in within) for node in tree.path(division_id)[:-1]] if division_id in tree else []


def life_of(episodes: Sequence[Episode]) -> list[Chapter]:
    """Newest first."""
    names = names_of(one.node.parent for one in episodes)
    return [Chapter(one, KINDS[Change.Kind(one.kind)], names.get(one.node.parent, "")) for one in reversed(episodes)]


def kin_of(division_id: int) -> list[Kin]:
    found = passages(division_id)
    names = names_of(one for passage in found for one in (passage.before, passage.after))
    return [_kin(passage, division_id, names) for passage in found]


def _kin(passage: Passage, division_id: int, names: dict[int, str]) -> Kin:
    is_after = passage.before == division_id
    other = passage.after if is_after else passage.before
    return Kin(passage, other, names.get(other, ""), is_after)
