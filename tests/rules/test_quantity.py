import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope
from songhe.rules.figures import DatedFigure, Figures
from songhe.rules.quantity import names_of, parse_quantity, quantity
from tests.builders import VOCABULARY

DAY = dt.date(2024, 10, 31)
SCOPE = Scope(VOCABULARY, {"per_hundred": "number", "least": "count", "cap": "money"})
FIGURES = Figures({"per_hundred": (DatedFigure(Decimal("30")),), "least": (DatedFigure(5),)})


def worked_out(expression: str, **facts: Any) -> Fraction | None:
    return quantity(parse_quantity(expression, SCOPE), facts, DAY, FIGURES)


def test_it_is_computed_pro_rata_and_exactly() -> None:
    assert worked_out("rooms * per_hundred / 100", rooms=1240) == 372
    assert worked_out("rooms / 3 * 3", rooms=1) == 1
    assert worked_out("floor_area + 0.1 - 0.3", floor_area=Decimal("0.2")) == 0


def test_the_greater_of_two_counts() -> None:
    assert worked_out("greatest(least, rooms / 10)", rooms=20) == 5
    assert worked_out("greatest(least, rooms / 10)", rooms=60) == 6


@pytest.mark.parametrize("expression", ["rooms * 2", "floor_area / 0", "floor_area / (rooms - rooms)"])
def test_an_unknown_part_or_a_divisor_of_zero_leaves_it_unknown(expression: str) -> None:
    assert worked_out(expression, floor_area=Decimal(1)) is None


def test_it_names_its_facts() -> None:
    assert names_of(parse_quantity("rooms * per_hundred / floor_area", SCOPE)) == ("rooms", "floor_area")


@pytest.mark.parametrize(
    ("expression", "what", "mend"),
    [
        ("romms * 2", "unknown name romms", "did you mean rooms?"),
        ("dibao + 1", "dibao is a bool", "a quantity needs a number"),
        ("rooms * cap", "cap is a money", "a quantity needs a number"),
        ("rooms > 2", "'rooms > 2' is not a quantity", "use numeric facts"),
        ("sqrt(rooms)", "is not a quantity", "use numeric facts"),
        ("greatest(rooms, 1, 2)", "is not a quantity", "use numeric facts"),
        ("'5'", "is not a quantity", "use numeric facts"),
        ("p.rooms", "is not a quantity", "use numeric facts"),
        ("rooms % 2", "is not a quantity", "use numeric facts"),
        ("1e9999", "1e9999", ""),
    ],
)
def test_anything_else_is_refused(expression: str, what: str, mend: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_quantity(expression, SCOPE)
    assert what in refused.value.what
    assert mend in refused.value.mend
