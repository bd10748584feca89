"""What differs between two packages, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from songhe.policy.package import Package

KINDS = ("terms", "parameters", "entitlements", "indicators", "tasks", "units", "standards", "conflicts", "clauses")


@dataclass(frozen=True)
class Difference:
    """An entry that only one side has (`field` is None), or a field that differs."""

    kind: str
    id: str
    field: str | None
    left: Any
    right: Any


def diff(left: Package, right: Package) -> list[Difference]:
    """All differences, kinds in fixed order, entries in file order."""
    return [difference for kind in KINDS for difference in _kind(kind, getattr(left, kind), getattr(right, kind))]


def _kind(kind: str, left: dict[str, Any], right: dict[str, Any]) -> Iterator[Difference]:
    for id in dict.fromkeys([*left, *right]):
        if id not in left or id not in right:
            yield Difference(kind, id, None, _name(left.get(id)), _name(right.get(id)))
        else:
            yield from _fields(kind, id, left[id].model_dump(), right[id].model_dump())


def _fields(kind: str, id: str, left: dict[str, Any], right: dict[str, Any]) -> Iterator[Difference]:
    for name in left:
        if left[name] != right[name]:
            yield Difference(kind, id, name, left[name], right[name])


def _name(entry: Any) -> str | None:
    if entry is None:
        return None
    text = getattr(entry, "name", None) or getattr(entry, "text", None) or getattr(entry, "about", None)
    return str(getattr(text, "zh", text) if text else entry.id)
