"""A small county, and people in it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest

from songhe.common.resident_id import check_digit

# Keys of these tests alone, unless the environment brings its own.
if not {"SONGHE_KEYS", "SONGHE_KEYS_FILE"} & set(os.environ):
    _secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    os.environ["SONGHE_KEYS"] = f"test:aes-256-gcm:{_secret} test-search:hmac-sha256:{_secret}"

TOWNS = ("640381001", "640381002")
FIRST_DAY = dt.date(1949, 10, 1)


@pytest.fixture
def divisions(db: None) -> dict[str, int]:
    """青铜峡市 with two towns of two villages each, and 利通区 beside it: code → id."""
    from songhe.divisions.domain.load import Row, load_divisions
    from songhe.divisions.queries import tree_on

    rows = [Row("640300", "吴忠市"), Row("640381", "青铜峡市", "640300"), Row("640302", "利通区", "640300")]
    rows += [Row(town, f"镇{town[-1]}", "640381") for town in TOWNS]
    rows += [Row(f"{town}20{n}", f"村{town[-1]}{n}", town) for town in TOWNS for n in (1, 2)]
    rows += [Row("640302001", "街道", "640302"), Row("640302001201", "社区", "640302001")]
    load_divisions(rows=rows, on=FIRST_DAY)
    return {node.code: node.id for node in tree_on()}


@pytest.fixture
def by() -> Callable[..., Any]:
    """`by("police")`: somebody of a department who records."""
    from songhe.registry.domain.writing import Author

    return lambda source="police", **more: Author(user=None, source=source, **more)


@pytest.fixture
def register(divisions: dict[str, int], by: Callable[..., Any]) -> Callable[..., Any]:
    """`register(sex="F")`: a person of whom 公安 says this, since ever."""
    from songhe.registry.domain.facts import register_person
    from songhe.registry.domain.statements import Statement

    def make(source: str = "police", **facts: Any) -> Any:
        return register_person(by=by(source), statements=[Statement(*fact) for fact in facts.items()])

    return make


def number(sequence: int = 1, born: str = "19440229", county: str = "640381") -> str:
    """A resident number that is nobody's."""
    first = f"{county}{born}{sequence:03d}"
    return first + check_digit(first)


@pytest.fixture
def resident_number() -> Callable[..., str]:
    return number
