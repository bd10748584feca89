import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import VOCABULARY


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("birth_date", "1944-02-29", dt.date(1944, 2, 29)),
        ("birth_date", dt.date(1944, 2, 29), dt.date(1944, 2, 29)),
        ("dibao", False, False),
        ("rooms", 0, 0),
        ("income", 2**63 - 1, 2**63 - 1),
        ("floor_area", 12.5, Decimal("12.5")),
        ("floor_area", "12.50", Decimal("12.5")),
        ("grade", 2, "2"),
        ("grade", "none", "none"),
        ("home", "421303001", "421303001"),
        ("dibao", None, None),
    ],
)
def test_a_value_is_read_as_its_type(fact: str, raw: Any, value: Any) -> None:
    assert VOCABULARY.facts[fact].read(raw) == value


@pytest.mark.parametrize(
    ("fact", "raw", "what"),
    [
        ("birth_date", "1944-31-12", "are day and month swapped (1944-12-31)?"),
        ("birth_date", "31.12.1944", "write it like 2024-05-01"),
        ("birth_date", 1944, "is not a date"),
        ("birth_date", dt.datetime(1944, 2, 29), "has a time"),
        ("dibao", "yes", "is not true or false"),
        ("dibao", 1, "is not true or false"),
        ("rooms", True, "is not a whole number"),
        ("rooms", 1.0, "is not a whole number"),
        ("rooms", -1, "is below zero"),
        ("income", 2**63, "is too large"),
        ("income", "100元", "is not a whole number of fen"),
        ("floor_area", "nan", "is not a number of zero or more"),
        ("floor_area", float("inf"), "is not a number of zero or more"),
        ("floor_area", "-0.5", "is not a number of zero or more"),
        ("floor_area", True, "is not a number"),
        ("floor_area", "1e9999", "too large"),
        ("grade", "3", "is not one of none, 1, 2"),
        ("grade", True, "is not one of none, 1, 2"),
        ("home", 421303, "is not a division code"),
        ("home", "42130", "is not a division code"),
        ("home", "４２１３０３", "is not a division code"),
    ],
)
def test_a_value_of_another_type_is_refused(fact: str, raw: Any, what: str) -> None:
    with pytest.raises(ValueError) as refused:
        VOCABULARY.facts[fact].read(raw)
    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("name", "suggestion"), [("dibaos", "did you mean dibao?"), ("xyz", "see policies/cn/facts.yaml")]
)
def test_a_wrong_name_gets_the_nearest_ones(name: str, suggestion: str) -> None:
    assert suggestion in VOCABULARY.suggest(name)
