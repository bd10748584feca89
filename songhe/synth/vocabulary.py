"""The facts about a person, in the order of the national vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class Fact:
    """A fact's name, its type in the vocabulary, and the values that a code may take."""

    name: str
    type: str
    values: tuple[str, ...]


@cache
def person_facts() -> tuple[Fact, ...]:
    """Facts of the subject `person` in `songhe/policies/cn/facts.yaml`."""
    text = resources.files("songhe.policies").joinpath("cn/facts.yaml").read_text(encoding="utf-8")
    person = next(entry for entry in yaml.safe_load(text) if entry["subject"] == "person")
    return tuple(
        Fact(fact["name"], fact["type"], tuple(value["value"] for value in fact.get("values", ())))
        for fact in person["facts"]
    )
