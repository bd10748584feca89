"""Who is alike for an item: people for whom the same of its leaves are true, false and unknown.

What an answer hangs on follows from these truths alone, so one of them is decided in full and speaks for all.
"""

from __future__ import annotations

from collections.abc import Sequence

from songhe.policy.rule import Rule
from songhe.rules import tree

# Three truths of so many leaves fit into a BIGINT.
PACKED = 39


def leaves_of(rule: Rule) -> list[tree.Node]:
    """The parts of its conditions that read a fact by themselves, each once."""
    parts = (part for condition in rule.conditions for part in tree.walk(condition) if hasattr(part, "fact"))
    return list(dict.fromkeys(parts))


def key_sql(columns: Sequence[str]) -> str:
    """A value that tells the truths of some mask columns on one day apart: 0 false, 1 true, 2 unknown."""
    truths = [f'("{column}" + 2 * "{column}?")' for column in columns]
    if len(truths) > PACKED:
        return f"concat({', '.join(truths)})"
    return " + ".join(["0::BIGINT", *(f"{3**place}::BIGINT * {truth}" for place, truth in enumerate(truths))])
