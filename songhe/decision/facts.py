"""Reads the facts of one subject from JSON: known names, right types, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from songhe.rules.vocabulary import Value, Vocabulary


class FactError(ValueError):
    """A fact that cannot be used: its name and what was wrong."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


def read_facts(raw: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Value]:
    """The known facts, typed; null is left out as unknown. Raises FactError naming the field."""
    facts: dict[str, Value] = {}
    for name, value in raw.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            raise FactError(name, f"unknown fact; {vocabulary.suggest(name)}")
        try:
            read = fact.read(value)
        except ValueError as error:
            raise FactError(name, str(error)) from None
        if read is not None:
            facts[name] = read
    return facts
