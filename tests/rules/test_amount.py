import datetime as dt

import pytest

from songhe.rules.amount import UNSET, Worth, parse_amount, worth
from songhe.rules.errors import RuleError
from songhe.rules.expression import Scope
from songhe.rules.figures import DatedFigure, Figures
from tests.builders import VOCABULARY

DAY = dt.date(2024, 10, 31)
SCOPE = Scope(VOCABULARY, {"base": "money", "extra": "money", "rate": "percent", "limit": "age"})


def amount(expression: str, *, floors: dict[str, int] | None = None, **values: int) -> Worth:
    def dated(given: dict[str, int]) -> dict[str, tuple[DatedFigure, ...]]:
        return {id: (DatedFigure(value, dt.date(2024, 1, 1)),) for id, value in given.items()}

    return worth(parse_amount(expression, SCOPE), DAY, Figures(dated(values), dated(floors or {})))


@pytest.mark.parametrize(
    ("expression", "fen"),
    [
        ("base", 10_001),
        ("base + extra", 10_101),
        ("base * 2", 20_002),
        ("(base + extra) * 3", 30_303),
        ("share(base, rate)", 1_250),
        ("share(base + extra, rate) + extra", 1_363),
    ],
)
def test_sums_are_exact_to_the_fen(expression: str, fen: int) -> None:
    assert amount(expression, base=10_001, extra=100, rate=1_250) == Worth("exact", fen)


@pytest.mark.parametrize(
    ("fen", "rate", "part"), [(1, 5_000, 1), (1, 4_999, 0), (3, 5_000, 2), (10**15 + 1, 10_000, 10**15 + 1)]
)
def test_half_a_fen_is_rounded_up(fen: int, rate: int, part: int) -> None:
    assert amount("share(base, rate)", base=fen, rate=rate).fen == part


def test_a_floor_in_place_of_a_value_makes_it_at_least() -> None:
    assert amount("base + extra", base=100, floors={"extra": 50}) == Worth("at_least", 150)


def test_a_value_counts_and_its_floor_does_not() -> None:
    assert amount("base", base=120, floors={"base": 100}) == Worth("exact", 120)


def test_without_value_and_floor_it_is_unset() -> None:
    assert amount("base") == UNSET


def test_a_floor_beside_nothing_is_at_least_without_a_figure() -> None:
    assert amount("base + extra", floors={"base": 100}) == Worth("at_least", None)


def test_a_value_beside_nothing_promises_no_sum() -> None:
    assert amount("base + extra", base=100) == UNSET


def test_a_value_of_another_year_is_none() -> None:
    figures = Figures({"base": (DatedFigure(100, None, dt.date(2023, 12, 31)),)})
    assert worth(parse_amount("base", SCOPE), DAY, figures) == UNSET


@pytest.mark.parametrize(
    ("expression", "what", "mend"),
    [
        ("bases", "unknown parameter bases", "name one of parameters.yaml"),
        ("base + rate", "rate is a percent", "here a money parameter is needed"),
        ("share(base, extra)", "extra is a money", "here a percent parameter is needed"),
        ("share(base)", "share() takes a sum and a percentage", "write share(dibao_standard, uplift_rate)"),
        ("share(base, rate, rate)", "share() takes a sum and a percentage", "write share(dibao_standard, uplift_rate)"),
        ("base * 1.5", "money is multiplied by a whole number only", "use share() for a part of it"),
        ("base * extra", "money is multiplied by a whole number only", "use share() for a part of it"),
        ("base - extra", "'base - extra' is not an amount", "write a parameter"),
        ("base / 2", "'base / 2' is not an amount", "write a parameter"),
        ("100", "'100' is not an amount", "write a parameter"),
        ("income", "unknown parameter income", "name one of parameters.yaml"),
        ("p.base", "unknown parameter p.base", "name one of parameters.yaml"),
        ("greatest(base, extra)", "is not an amount", "write a parameter"),
        ("(SELECT base)", "is not an amount", "write a parameter"),
    ],
)
def test_anything_else_is_refused(expression: str, what: str, mend: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_amount(expression, SCOPE)
    assert what in refused.value.what
    assert mend in refused.value.mend
