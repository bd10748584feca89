"""Tables of chances, as a city's data file writes them, and drawing from them.

A chance is a number for a yes-or-no fact, or a mapping from values to numbers that add up to one. Above it
may lie mappings from the values of the facts that `given` names, in that order; `otherwise` stands for every
value not named, and a branch that ends early holds for everything below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from songhe.synth.city import TOLERANCE

Codes = npt.NDArray[np.int8]
Value = str | bool
OTHERWISE = "otherwise"
BOOLEAN: tuple[Value, ...] = (False, True)


@dataclass(frozen=True)
class Table:
    """Cumulative chances, one row per combination of the conditions."""

    name: str
    values: tuple[Value, ...]
    given: tuple[str, ...]
    sizes: tuple[int, ...]
    cumulative: npt.NDArray[np.float64]

    def draw(self, codes: Mapping[str, Codes], size: int, rng: np.random.Generator) -> Codes:
        """A value per person, as its place among `values`."""
        cell = np.zeros(size, np.intp)
        for condition, count in zip(self.given, self.sizes, strict=True):
            cell *= count
            cell += codes[condition]
        luck = rng.random(size)
        drawn = np.zeros(size, np.int8)
        for limit in self.cumulative.T:
            drawn += luck >= limit[cell]
        return drawn


def compile_table(
    name: str,
    chance: Any,
    values: Sequence[Value],
    given: Sequence[str],
    known: Mapping[str, Sequence[Value]],
) -> Table:
    """A table ready for drawing; ValueError names the fact and the value that does not fit."""
    unknown = [condition for condition in given if condition not in known]
    if unknown:
        raise ValueError(f"{name}: {', '.join(unknown)} is not drawn before it")
    conditions = [known[condition] for condition in given]
    rows = [_row(name, leaf, values) for leaf in _leaves(name, chance, values, conditions)]
    cumulative = np.cumsum(np.array(rows), axis=1)[:, :-1]
    # A sum that rounds to a hair below one must not open a door to values of no chance.
    cumulative[cumulative > 1 - TOLERANCE] = 1
    return Table(name, tuple(values), tuple(given), tuple(len(choices) for choices in conditions), cumulative)


def _leaves(name: str, chance: Any, values: Sequence[Value], conditions: Sequence[Sequence[Value]]) -> Iterator[Any]:
    if not conditions:
        yield chance
        return
    for choice in conditions[0]:
        branch = _branch(name, chance, values, conditions[0], choice)
        yield from _leaves(name, branch, values, conditions[1:])


def _branch(name: str, chance: Any, values: Sequence[Value], choices: Sequence[Value], choice: Value) -> Any:
    if _is_leaf(chance, values):
        return chance
    strange = set(chance) - {OTHERWISE, *choices}
    if strange:
        raise ValueError(f"{name}: {strange.pop()!r} is none of {', '.join(map(str, choices))}")
    if choice in chance:
        return chance[choice]
    if OTHERWISE in chance:
        return chance[OTHERWISE]
    raise ValueError(f"{name}: no chance for {choice!r}")


def _is_leaf(chance: Any, values: Sequence[Value]) -> bool:
    if tuple(values) == BOOLEAN:
        return not isinstance(chance, dict)
    return all(not isinstance(part, dict) for part in chance.values()) and set(chance) <= set(values)


def _row(name: str, leaf: Any, values: Sequence[Value]) -> list[float]:
    if not _is_leaf(leaf, values):
        raise ValueError(f"{name}: {leaf!r} does not say the chances of {', '.join(map(str, values))}")
    row = [1 - leaf, leaf] if tuple(values) == BOOLEAN else [leaf.get(value, 0) for value in values]
    if abs(sum(row) - 1) > TOLERANCE or min(row) < 0:
        raise ValueError(f"{name}: the chances {leaf!r} are not a whole")
    return [float(part) for part in row]
