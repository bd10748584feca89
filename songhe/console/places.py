"""Divisions within reach: naming one in a form, by its code or its name, and the one on top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for
from songhe.common.text import Text, say
from songhe.console.forms import Problem
from songhe.divisions.models import Version
from songhe.divisions.queries import Node, Tree, tree_on

_CODE = re.compile(r"(?<!\d)(\d{2,12})(?!\d)")
_SHOWN = 4
NOWHERE: frozenset[int] = frozenset()


def written(tree: Tree, node: Node) -> str:
    """`640381001 青铜峡市小坝镇`: how a division stands in a form; the code alone is enough to find it again."""
    return f"{node.code} {tree.full_name(node.id)}"


def top_of(user: User, action: Action) -> int:
    """The first division on top of the user's reach. Raises Http404 for who reaches none."""
    within = divisions_for(user, action)
    top = next((node.id for node in tree_on() if node.id in within), None)
    if top is None:
        raise Http404
    return top


def matching(tree: Tree, within: frozenset[int], text: str) -> Iterator[Node]:
    """Divisions whose code begins with the text, or whose name, with those above it, holds it."""
    for node in tree:
        if node.id in within and (node.code.startswith(text) or text in node.name or text in tree.full_name(node.id)):
            yield node


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Full names of today; of what is no more, its last name."""
    tree, wanted = tree_on(), {one for one in ids if one is not None}
    names = {one: tree.full_name(one) for one in wanted if one in tree}
    if gone := wanted - names.keys():
        last = Version.objects.filter(division_id__in=gone).order_by("valid_from")
        names |= {one: f"{name}（–{until}）" for one, name, until in last.values_list("division", "name", "valid_to")}
    return names


class _Suggesting(forms.TextInput):
    """A text with suggestions that are fetched while typing; it works as well without them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        id = (attrs or {}).get("id", f"id_{name}")
        more = {
            "list": f"{id}-list",
            "hx-get": str(reverse_lazy("console:division-suggestions")),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{id}-list",
            "autocomplete": "off",
        }
        text = super().render(name, value, {**more, **(attrs or {})}, renderer)
        return format_html('{}<datalist id="{}-list"></datalist>', text, id)


class DivisionField(forms.CharField):
    """A division of today's tree: its code, or a name that only one within `within` has. Cleans to a Node."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, widget=_Suggesting(), **kwargs)
        self.within = NOWHERE

    def prepare_value(self, value: Any) -> Any:
        return written(tree_on(), value) if isinstance(value, Node) else value

    def clean(self, value: Any) -> Node | None:
        text = super().clean(value).strip()
        return chosen(tree_on(), self.within, text) if text else None


def chosen(tree: Tree, within: frozenset[int], text: str) -> Node:
    """The one division that the text names. Raises Problem saying which there are otherwise."""
    if code := _CODE.search(text):
        node = tree.find(code[1])
        found = [node] if node is not None and node.id in within else []
    else:
        bare = "".join(text.split())
        some = list(islice(matching(tree, within, bare), 200))
        named = [node for node in some if node.name == bare]
        found = named or [node for node in some if tree.full_name(node.id).endswith(bare)] or some
    if len(found) != 1:
        raise Problem(_several(tree, found) if found else _NONE)
    return found[0]


_NONE = say(
    "您的范围内没有这个区划，请填写代码或名称。", "There is no such division within your reach: give its code or name."
)


def _several(tree: Tree, found: list[Node]) -> Text:
    some = "、".join(written(tree, node) for node in found[:_SHOWN])
    more = "…" if len(found) > _SHOWN else ""
    return say(
        f"不止一个区划叫这个名称，请填写代码：{some}{more}", f"Several have this name, give the code: {some}{more}"
    )
