"""Sums of a simulation's figures, by item, month and county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from songhe.common.text import Text
from songhe.console.places import names_of
from songhe.console.runs.finding import item_name
from songhe.console.runs.words import change
from songhe.entitlement.counties import counties_in
from songhe.policy.package import Package

_SUMMED = ("people", "fen", "people_then", "fen_then")


@dataclass(frozen=True)
class Cost:
    """An item, a month or a county under both packages, in fen, with the difference and its share."""

    name: Text | str
    people: int
    fen: int
    people_then: int
    fen_then: int

    @property
    def more(self) -> int:
        return self.fen_then - self.fen

    @property
    def share(self) -> Text:
        return change(self.fen, self.fen_then)


@dataclass(frozen=True)
class Part:
    """An item in a county over all months, with who gains and who loses in the first."""

    cost: Cost
    winners: int
    losers: int


@dataclass(frozen=True)
class County:
    """A county of a simulation (`id` is its division): the whole of it, and each of its items."""

    id: int
    whole: Part
    parts: Sequence[Part]

    @property
    def rows(self) -> int:
        return len(self.parts) + 1


def together(costs: Sequence[Mapping[str, Any]], by: str) -> dict[Any, dict[str, int]]:
    """Sums over all months of an item or all items of a month; people are counted once a month."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for one in costs:
        groups.setdefault(one[by], []).append(one)
    return {key: sums(group) for key, group in groups.items()}


def sums(costs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(one[name] for one in costs) for name in _SUMMED}


def cost(name: Text | str, part: Mapping[str, int]) -> Cost:
    return Cost(name, *(part[column] for column in _SUMMED))


def counties_of_result(found: Mapping[str, Any], package: Package | None) -> list[County]:
    """Each county of a stored result; items are named by the package tried out."""
    counties = counties_in(found)
    names = names_of(one["county"] for one in counties)
    return [_county(one, names.get(one["county"], ""), package) for one in counties]


def _county(one: Mapping[str, Any], name: str, package: Package | None) -> County:
    changes = {change["item"]: change for change in one["changes"]}
    parts = []
    for item, part in together(one["costs"], "item").items():
        turned = changes.get(item, {"winners": 0, "losers": 0})
        parts.append(Part(cost(item_name(package, item), part), turned["winners"], turned["losers"]))
    return County(one["county"], Part(cost(name, sums(one["costs"])), one["winners"], one["losers"]), parts)
