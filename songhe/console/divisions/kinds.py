"""The kinds of change: their words and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.console.divisions import forms
from songhe.divisions.codes import VILLAGE
from songhe.divisions.queries import Node


@dataclass(frozen=True)
class Kind:
    """`slug` stands in the address."""

    slug: str
    title: Text
    about: Text
    form: type[forms.ChangeForm]


_ALL = (
    Kind(
        "found",
        say("在其下设立", "Found one below"),
        say("在此区划之下设立新的区划。", "A new division right below this one."),
        forms.FoundForm,
    ),
    Kind("rename", say("更名", "Rename"), say("代码和上级不变。", "Code and parent stay."), forms.RenameForm),
    Kind("recode", say("变更代码", "New code"), say("名称和上级不变。", "Name and parent stay."), forms.RecodeForm),
    Kind(
        "move",
        say("划转", "Move"),
        say("连同其下全部划归另一上级。", "It goes to another parent with all below it."),
        forms.MoveForm,
    ),
    Kind(
        "merge",
        say("合并", "Merge"),
        say("此区划不再存在，其下全部归合并后的区划。", "It ceases, and all below goes to the one it becomes."),
        forms.MergeForm,
    ),
    Kind(
        "split",
        say("拆分", "Split"),
        say("每个下级须划给一个部分。", "Each division below goes to one of the parts."),
        forms.SplitForm,
    ),
    Kind(
        "dissolve",
        say("撤销", "Dissolve"),
        say("不由任何区划承继；其下不得再有区划。", "Nothing follows it, and nothing may lie below it any more."),
        forms.DissolveForm,
    ),
)
KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in _ALL}


def kinds_for(node: Node) -> list[Kind]:
    """Those that a division can go through: nothing lies below a village."""
    return [kind for kind in _ALL if kind.slug != "found" or node.level < VILLAGE]
