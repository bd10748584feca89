from typing import Any

import numpy as np
import pytest

from songhe.synth.tables import BOOLEAN, compile_table

KNOWN = {"sex": ("M", "F"), "poor": BOOLEAN}


def drawn(chance: Any, values: Any, given: list[str], **codes: int) -> set[Any]:
    table = compile_table("fact", chance, values, given, KNOWN)
    columns = {name: np.full(200, code, np.int8) for name, code in codes.items()}
    return {values[code] for code in table.draw(columns, 200, np.random.default_rng(1))}


def test_it_draws_by_the_condition() -> None:
    chance = {"M": {"a": 1}, "F": {"b": 0.5, "c": 0.5}}
    assert drawn(chance, ("a", "b", "c"), ["sex"], sex=0) == {"a"}
    assert drawn(chance, ("a", "b", "c"), ["sex"], sex=1) == {"b", "c"}


def test_otherwise_stands_for_the_rest_and_a_short_branch_for_all_below() -> None:
    chance = {"M": {True: 1, "otherwise": 0}, "otherwise": 1}
    assert drawn(chance, BOOLEAN, ["sex", "poor"], sex=0, poor=1) == {True}
    assert drawn(chance, BOOLEAN, ["sex", "poor"], sex=0, poor=0) == {False}
    assert drawn(chance, BOOLEAN, ["sex", "poor"], sex=1, poor=0) == {True}


def test_frequencies_follow_the_chances() -> None:
    table = compile_table("fact", {"a": 0.2, "b": 0.3, "c": 0.5}, ("a", "b", "c"), [], {})
    counts = np.bincount(table.draw({}, 100_000, np.random.default_rng(1))) / 100_000
    assert counts == pytest.approx([0.2, 0.3, 0.5], abs=0.01)


@pytest.mark.parametrize(
    ("chance", "given", "message"),
    [
        ({"M": {"a": 1}}, ["sex"], "no chance for 'F'"),
        ({"M": {"a": 1}, "X": {"a": 1}}, ["sex"], "'X' is none of M, F"),
        ({"a": 0.5, "b": 0.4}, [], "not a whole"),
        ({"a": 1.5, "b": -0.5}, [], "not a whole"),
        ({"z": 1}, [], "does not say the chances of a, b"),
        ({"a": 1}, ["age"], "age is not drawn before it"),
    ],
)
def test_it_says_what_does_not_fit(chance: Any, given: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compile_table("fact", chance, ("a", "b"), given, KNOWN)
