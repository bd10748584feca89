"""Who states facts, and whom to believe: `precedence.yaml`, read once. How each writes its files: `mapping`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from songhe.common.text import Text
from songhe.registry.vocabulary import fact_names

SETTLED = "settled"


@dataclass(frozen=True)
class Precedence:
    """The sources by id, and their rank for every fact: 0 is what a person settled, then the best source first."""

    names: Mapping[str, Text]
    ranks: Mapping[str, Mapping[str, int]]

    def rank(self, fact: str, source: str) -> int:
        """The smaller the better."""
        return self.ranks[fact][source]

    def first(self, fact: str) -> str:
        """The source that knows best."""
        return min((rank, source) for source, rank in self.ranks[fact].items() if source != SETTLED)[1]


@cache
def precedence() -> Precedence:
    """Raises ValueError when `precedence.yaml` names a fact or a source that is not."""
    text = resources.files("songhe.registry.sources").joinpath("precedence.yaml").read_text(encoding="utf-8")
    return read_precedence(text)


def read_precedence(text: str) -> Precedence:
    content = yaml.safe_load(text)
    names = {entry["id"]: Text(**entry["name"]) for entry in content["sources"]}
    names[SETTLED] = Text(zh="人工核定", en="Settled by a person")
    default = content["default"]
    if sorted([*default, SETTLED]) != sorted(names):
        raise ValueError("precedence.yaml: `default` must name every source once")
    better = content.get("facts", {})
    if unknown := set(better) - set(fact_names()):
        raise ValueError(f"precedence.yaml: there is no fact {min(unknown)}")
    return Precedence(names, {fact: _ranks(fact, better.get(fact, []), default) for fact in fact_names()})


def _ranks(fact: str, better: list[str], default: list[str]) -> dict[str, int]:
    if unknown := set(better) - set(default):
        raise ValueError(f"precedence.yaml: {fact} names the source {min(unknown)}, which is not")
    order = [SETTLED, *better, *(source for source in default if source not in better)]
    return {source: rank for rank, source in enumerate(order)}
