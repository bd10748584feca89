import datetime as dt

import pytest

from songhe.rules import tree
from songhe.rules.bits import bits_sql
from songhe.rules.figures import Figures
from tests.builders import month_ends

DAY = dt.date(2024, 10, 31)


@pytest.mark.parametrize("count", [0, 63])
def test_a_statement_takes_1_to_62_days(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 62"):
        bits_sql({}, days=month_ends("2020-01", count), figures=Figures(), population="people")


@pytest.mark.parametrize("days", [[DAY, DAY], [DAY, dt.date(2024, 9, 30)]])
def test_the_days_come_in_order_and_once(days: list[dt.date]) -> None:
    with pytest.raises(ValueError, match="not in order"):
        bits_sql({}, days=days, figures=Figures(), population="people")


def test_a_condition_that_no_day_changes_stays_an_ordinary_boolean() -> None:
    node = tree.All((tree.Flag("dibao"), tree.Member("grade", ("1", "2"))))
    statement = bits_sql({"x": node}, days=[DAY], figures=Figures(), population="people", carry=("id", "home"))
    assert "dibao AND grade IN ('1', '2')" in statement
    assert statement.startswith("SELECT id, home, ")


def test_a_term_of_many_conditions_is_worked_out_once() -> None:
    old = tree.Noted(tree.AgeReached(tree.Literal(80)), term="old", kind="term")
    nodes = {str(number): tree.All((old, tree.Flag("dibao"))) for number in range(5)}
    statement = bits_sql(nodes, days=[DAY], figures=Figures(), population="people")
    assert statement.count("birth_date IS NULL") == 1
