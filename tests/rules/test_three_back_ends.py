"""One person in Python, a population as dense SQL and as bits: the same three answers, whatever is asked."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings

from songhe.rules import tree
from songhe.rules.figures import DatedFigure, Figures
from tests.builders import (
    Question,
    answer_by_bits,
    answer_by_dense,
    answer_by_person,
    differences,
    month_ends,
    questions,
    term,
)

OCTOBER = dt.date(2024, 10, 31)


@settings(max_examples=120)
@given(questions())
def test_all_back_ends_answer_alike(question: Question) -> None:
    answers = answer_by_person(question)
    assert differences(answers, answer_by_dense(question)) == {}
    assert differences(answers, answer_by_bits(question)) == {}


def ask(*nodes: tree.Node, days: list[dt.date], figures: Figures | None = None, **facts: object) -> list[list[object]]:
    """The answers per condition over the days, the same from all back ends."""
    named = {str(number): node for number, node in enumerate(nodes)}
    question = Question(named, [facts], days, figures or Figures())
    answers = answer_by_person(question)
    assert differences(answers, answer_by_dense(question)) == {}
    assert differences(answers, answer_by_bits(question)) == {}
    return [[answers[name, 0, step] for step in range(len(days))] for name in named]


def test_an_age_is_reached_on_the_birthday() -> None:
    eighty = tree.AgeReached(tree.Literal(80))
    days = [dt.date(2024, 4, 30), dt.date(2024, 5, 1), dt.date(2024, 5, 2)]
    assert ask(eighty, days=days, birth_date=dt.date(1944, 5, 1)) == [[False, True, True]]
    assert ask(eighty, days=days, birth_date=None) == [[None, None, None]]


def test_a_leap_day_child_comes_of_age_on_1_march_in_a_common_year() -> None:
    reached = [tree.AgeReached(tree.Literal(age)) for age in (79, 80)]
    days = [dt.date(2023, 2, 28), dt.date(2023, 3, 1), dt.date(2024, 2, 28), dt.date(2024, 2, 29)]
    answers = ask(*reached, days=days, birth_date=dt.date(1944, 2, 29))
    assert answers == [[False, True, True, True], [False, False, False, True]]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("=", [False, True, False]),
        ("<", [False, False, True]),
        ("<=", [False, True, True]),
        (">", [True, False, False]),
        (">=", [True, True, False]),
    ],
)
def test_a_date_is_compared_with_each_day(op: str, expected: list[bool]) -> None:
    days = [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    assert ask(tree.DayCompare("since", op), days=days, since=dt.date(2024, 2, 29)) == [expected]


@pytest.mark.parametrize(
    ("later", "op", "expected"),
    [(0, "<=", True), (1, "<=", False), (1, ">", True), (0, "=", True), (0, "<>", False), (None, "<", None)],
)
def test_a_date_is_compared_with_another_date(later: int | None, op: str, expected: bool | None) -> None:
    first = dt.date(2024, 2, 29)
    since = None if later is None else first + dt.timedelta(days=later)
    asked = tree.FactCompare("since", op, "birth_date")
    assert ask(asked, tree.Not(asked), days=[OCTOBER], birth_date=first, since=since) == [
        [expected],
        [None if expected is None else not expected],
    ]


def test_an_age_limit_may_fall_and_rise_and_be_missing() -> None:
    limits = (
        DatedFigure(80, None, dt.date(2024, 1, 31)),
        DatedFigure(70, dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        DatedFigure(90, dt.date(2024, 4, 1)),
    )
    asked = tree.AgeReached(tree.ParameterRef("old_age"))
    answers = ask(
        asked, days=month_ends("2024-01", 4), figures=Figures({"old_age": limits}), birth_date=dt.date(1950, 1, 1)
    )
    assert answers == [[False, True, None, False]]


@pytest.mark.parametrize(
    ("fact", "parameter", "value"),
    [
        ("birth_date", "old_age", dt.date(1940, 1, 1)),
        ("since", "start", dt.date(2020, 1, 1)),
        ("income", "cap", 1),
        ("rooms", "few", 1),
        ("rooms", "ratio", 1),
        ("floor_area", "ratio", Decimal(1)),
    ],
)
@pytest.mark.parametrize("is_between_values", [True, False])
def test_a_figure_that_is_nowhere_given_leaves_the_answer_unknown(
    fact: str, parameter: str, value: object, is_between_values: bool
) -> None:
    asked = (
        tree.AgeReached(tree.ParameterRef(parameter))
        if parameter == "old_age"
        else tree.Compare(fact, "<=", tree.ParameterRef(parameter))
    )
    earlier = DatedFigure(dt.date(2000, 1, 1) if fact == "since" else 80, None, dt.date(2000, 1, 1))
    figures = Figures({parameter: (earlier,)} if is_between_values else {})
    assert ask(asked, days=month_ends("2024-01", 2), figures=figures, **{fact: value}) == [[None, None]]


def test_sums_are_compared_to_the_last_fen() -> None:
    beyond_floats = 2**53 + 1
    asked = [tree.Compare("income", op, tree.Literal(2**53)) for op in ("=", ">")]
    assert ask(*asked, days=[OCTOBER], income=beyond_floats) == [[False], [True]]


@pytest.mark.parametrize(
    ("fact", "value", "parameter", "figure"),
    [
        ("income", 2**53 + 1, "cap", 2**53),
        ("income", 2**63 - 1, "cap", 2**63 - 2),
        ("rooms", 2**63 - 1, "ratio", Decimal("0.5")),
        ("floor_area", Decimal("0.1236"), "ratio", Decimal("0.12359999999")),
        ("since", dt.date(2024, 3, 1), "start", dt.date(2024, 2, 29)),
    ],
)
def test_a_figure_is_compared_to_the_last_digit(fact: str, value: object, parameter: str, figure: object) -> None:
    asked = [tree.Compare(fact, op, tree.ParameterRef(parameter)) for op in ("=", ">")]
    for first in (dt.date(2024, 1, 1), dt.date(2024, 2, 1)):  # given on both days, and on the second alone
        figures = Figures({parameter: (DatedFigure(figure, first),)})  # type: ignore[arg-type]
        answers = ask(*asked, days=month_ends("2024-01", 2), figures=figures, **{fact: value})
        assert [answer[1] for answer in answers] == [False, True]


@pytest.mark.parametrize(
    ("home", "answer"),
    [
        ("421303", True),
        ("421303001", True),
        ("421303001005", True),
        ("421303000000", True),
        ("421302", False),
        ("4213", None),
        ("421300", None),
        ("420000000000", None),
        ("41", False),
        (None, None),
    ],
)
def test_a_place_that_may_hold_the_area_is_unknown_not_outside(home: str | None, answer: bool | None) -> None:
    assert ask(tree.Within("home", "421303"), days=[OCTOBER], home=home) == [[answer]]


def test_a_term_is_the_same_wherever_it_is_used() -> None:
    old = term("old", tree.AgeReached(tree.Literal(80)))
    nodes = [old, tree.Not(old), tree.All((old, tree.Flag("dibao"))), tree.Any((old, tree.Flag("alone")))]
    answers = ask(*nodes, days=[dt.date(2023, 5, 1), dt.date(2024, 5, 1)], birth_date=dt.date(1944, 5, 1), alone=False)
    assert answers == [[False, True], [True, False], [False, None], [False, True]]


def test_sixty_two_months_fit_into_one_statement() -> None:
    days = month_ends("2020-01", 62)
    (answers,) = ask(tree.AgeReached(tree.Literal(80)), days=days, birth_date=dt.date(1944, 12, 31))
    assert answers == [day >= dt.date(2024, 12, 31) for day in days]
