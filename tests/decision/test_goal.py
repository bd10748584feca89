"""A value against a figure, held against plain fractions; between two ends only what every value between says."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.decision.figure import Ends, Reading, ends_of, shown
from songhe.decision.goal import MET, NOT_MET, UNDETERMINED, Goal

counts = st.integers(0, 200)
wholes = st.integers(1, 200)
values = st.fractions(0, 120, max_denominator=40)
plain_directions = {
    "at_least": lambda value, goal: value >= goal,
    "at_most": lambda value, goal: value <= goal,
    "more_than": lambda value, goal: value > goal,
    "less_than": lambda value, goal: value < goal,
}
directions = st.sampled_from(sorted(plain_directions))


@settings(max_examples=60)
@given(direction=directions, value=values, goal=values)
def test_it_answers_as_plain_fractions_do(direction: str, value: Fraction, goal: Fraction) -> None:
    holds = plain_directions[direction](value, goal)
    assert Goal(direction, goal).answer(value) == (MET if holds else NOT_MET)


@settings(max_examples=60)
@given(
    direction=st.sampled_from([*sorted(plain_directions), "equal", "about"]),
    numbers=st.tuples(values, values, values).map(sorted),
    goal=values,
)
def test_an_answer_between_two_ends_is_that_of_every_value_between(
    direction: str, numbers: list[Fraction], goal: Fraction
) -> None:
    low, value, high = numbers
    sure = Goal(direction, goal).answer_between(Ends(low, high))
    assert sure in (UNDETERMINED, Goal(direction, goal).answer(value))


@settings(max_examples=60)
@given(goal=values, numbers=st.tuples(values, values).map(sorted))
def test_more_never_turns_met_into_not_met(goal: Fraction, numbers: list[Fraction]) -> None:
    low, high = (Goal("at_least", goal).answer(value) for value in numbers)
    assert (low, high) != (MET, NOT_MET)


@settings(max_examples=80)
@given(sure=counts, maybe=counts, others=counts, unsure_base=counts, data=st.data())
def test_whoever_is_unknown_the_share_lies_between_its_ends(
    sure: int, maybe: int, others: int, unsure_base: int, data: st.DataObject
) -> None:
    """`maybe` belong to the base and may count; `others` belong and do not count; `unsure_base` may belong."""
    base = sure + maybe + others
    most = Fraction(sure + maybe)
    reading = Reading(Fraction(sure), Fraction(base), most, Fraction(base + unsure_base))
    ends = ends_of(reading, 100, is_share=True)
    counted = sure + data.draw(st.integers(0, maybe))
    whole = base + data.draw(st.integers(0, unsure_base))
    if base + unsure_base == 0:
        assert ends is None
    elif whole:
        assert ends is not None and ends.high is not None
        assert ends.low <= Fraction(100 * counted, whole) <= ends.high <= 100


@settings(max_examples=100)
@given(numerator=st.integers(0, 10**9), denominator=st.integers(1, 10**9), goal=st.integers(0, 100))
def test_what_is_shown_stands_on_the_same_side_of_the_goal(numerator: int, denominator: int, goal: int) -> None:
    value, target = Fraction(100 * numerator, denominator), Fraction(goal)
    rounded = Fraction(shown(value, target))
    assert (rounded > target, rounded < target) == (value > target, value < target)
    assert float(shown(value, target)) == rounded or abs(float(shown(value, target)) - rounded) < Fraction(1, 10**3)


def test_it_is_rounded_to_two_places_where_that_does_no_harm() -> None:
    assert [str(shown(Fraction(value), Fraction(55))) for value in ("54.995", "54.9949", "43.3366", "55", "120/2")] == [
        "54.995",
        "54.99",
        "43.34",
        "55",
        "60",
    ]
    just_below = Fraction(55) - Fraction(1, 10**14)
    assert str(shown(just_below, Fraction(55))) == "54.999999999999"


def test_a_great_figure_is_written_for_people_in_threes() -> None:
    goal = Goal("more_than", Fraction(100_000_000), unit="元")
    assert (goal.text, goal.written) == (">100000000元", ">100,000,000元")
    assert Goal("at_least", Fraction(1, 2), unit="名").written == "≥0.5名"
