"""The three answers of one person: Kleene's laws, what more knowledge does, and what `missing` promises."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from songhe.rules import tree
from songhe.rules.figures import DatedFigure, Figures
from songhe.rules.person import Conventions, Found, Setting, compile_condition
from tests.builders import VOCABULARY, conditions, decide, figures, people

DAY = dt.date(2024, 2, 29)
persons = people([DAY])
A, B = tree.Flag("dibao"), tree.Flag("alone")
three = pytest.mark.parametrize("b", [True, False, None])
quick = settings(max_examples=80)


def found_in(node: tree.Node, facts: dict[str, Any], setting: Setting | None = None) -> Found:
    found = Found()
    compiled = compile_condition(node, setting or Setting(DAY, Figures()))
    compiled.trace(facts, compiled.truth(facts), found)
    return found


def less(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


@pytest.mark.parametrize("a", [True, False, None])
@three
def test_all_any_and_not_follow_kleene(a: bool | None, b: bool | None) -> None:
    facts = {"dibao": a, "alone": b}
    assert decide(tree.All((A, B)), facts, DAY) is (False if False in (a, b) else None if None in (a, b) else True)
    assert decide(tree.Any((A, B)), facts, DAY) is (True if True in (a, b) else None if None in (a, b) else False)
    assert decide(tree.Not(A), facts, DAY) is (None if a is None else not a)


@quick
@given(conditions(), persons, figures())
def test_double_negation_is_nothing(node: tree.Node, facts: dict[str, Any], given_figures: Figures) -> None:
    doubled = tree.Not(tree.Not(node))
    assert decide(doubled, facts, DAY, given_figures) is decide(node, facts, DAY, given_figures)


@quick
@given(st.lists(conditions(max_leaves=4), min_size=1, max_size=4).map(tuple), persons, figures())
def test_de_morgan(parts: tuple[tree.Node, ...], facts: dict[str, Any], given_figures: Figures) -> None:
    none_of = tree.All(tuple(tree.Not(part) for part in parts))
    not_all = tree.Any(tuple(tree.Not(part) for part in parts))
    assert decide(tree.Not(tree.Any(parts)), facts, DAY, given_figures) is decide(none_of, facts, DAY, given_figures)
    assert decide(tree.Not(tree.All(parts)), facts, DAY, given_figures) is decide(not_all, facts, DAY, given_figures)


@quick
@given(conditions(pure=True), persons, persons)
def test_knowing_more_never_turns_a_known_answer(
    node: tree.Node, known: dict[str, Any], learned: dict[str, Any]
) -> None:
    before = decide(node, known, DAY)
    after = decide(node, {**learned, **less(known)}, DAY)
    assert before is None or after is before


@quick
@given(conditions(pure=True), conditions(pure=True), persons, persons)
def test_an_open_term_stays_decided_when_more_is_known_unless_surely_comes_true(
    surely: tree.Node, surely_not: tree.Node, known: dict[str, Any], learned: dict[str, Any]
) -> None:
    node = tree.Open("open", surely, surely_not)
    before, after = decide(node, known, DAY), decide(node, {**learned, **less(known)}, DAY)
    assert before is not True or after is True


@quick
@given(conditions(pure=True), persons, persons)
def test_filling_what_is_not_missing_never_settles_it(
    node: tree.Node, known: dict[str, Any], learned: dict[str, Any]
) -> None:
    assume(decide(node, known, DAY) is None)
    missing = found_in(node, known).missing
    others = {name: value for name, value in learned.items() if name not in missing}
    assert decide(node, {**others, **less(known)}, DAY) is None


@quick
@given(conditions(pure=True), persons, persons)
def test_filling_all_that_is_missing_settles_it(
    node: tree.Node, known: dict[str, Any], learned: dict[str, Any]
) -> None:
    assume(decide(node, known, DAY) is None)
    missing = found_in(node, known).missing
    assert missing
    # A division that is known but too coarse is missing as well: it is asked again, more exactly.
    answers = {**complete(learned), "home": "421303001005"}
    assert decide(node, {**known, **{name: answers[name] for name in missing}}, DAY) is not None


def complete(facts: dict[str, Any]) -> dict[str, Any]:
    some = {"date": dt.date(1944, 2, 29), "bool": True, "code": "1", "int": 1, "money": 1, "decimal": 1}
    return {name: some.get(fact.type) for name, fact in VOCABULARY.facts.items()} | less(facts)


@quick
@given(conditions(), persons, figures())
def test_an_unknown_answer_always_says_why(node: tree.Node, facts: dict[str, Any], given_figures: Figures) -> None:
    assume(decide(node, facts, DAY, given_figures) is None)
    found = found_in(node, facts, Setting(DAY, given_figures))
    assert found.missing or found.open_terms or found.figures


@quick
@given(conditions(), persons, figures())
def test_a_known_answer_misses_nothing(node: tree.Node, facts: dict[str, Any], given_figures: Figures) -> None:
    assume(decide(node, facts, DAY, given_figures) is not None)
    found = found_in(node, facts, Setting(DAY, given_figures))
    assert (found.missing, found.open_terms, found.figures) == ({}, {}, {})


def test_missing_facts_come_in_reading_order_and_once() -> None:
    node = tree.All((B, tree.Any((A, B)), tree.Member("grade", ("1",))))
    assert list(found_in(node, {}).missing) == ["alone", "dibao", "grade"]


def test_what_is_settled_already_is_not_missing() -> None:
    node = tree.All((tree.Any((A, B)), tree.Member("grade", ("1",))))
    assert list(found_in(node, {"dibao": True}).missing) == ["grade"]


def test_a_figure_without_a_value_is_named_and_no_fact_is_missing() -> None:
    node = tree.AgeReached(tree.ParameterRef("old_age"))
    found = found_in(node, {}, Setting(DAY, Figures({"old_age": (DatedFigure(80, dt.date(2025, 1, 1)),)})))
    assert (list(found.figures), list(found.missing)) == (["old_age"], [])


class TestAnAssumption:
    NODE = tree.Assume(A, False, VOCABULARY.facts["dibao"].label)

    def test_it_speaks_only_where_the_fact_is_unknown(self) -> None:
        assert [decide(self.NODE, {"dibao": value}, DAY) for value in (True, False, None)] == [True, False, False]

    def test_it_leaves_nothing_missing(self) -> None:
        assert found_in(self.NODE, {}).missing == {}


class TestAnOpenTerm:
    NODE = tree.Open("高龄", tree.AgeReached(tree.Literal(80)), tree.Not(tree.AgeReached(tree.Literal(60))))

    @pytest.mark.parametrize(("year", "answer"), [(1943, True), (1955, None), (1970, False)])
    def test_it_is_known_where_every_reading_agrees(self, year: int, answer: bool | None) -> None:
        assert decide(self.NODE, {"birth_date": dt.date(year, 1, 1)}, DAY) is answer

    def test_it_is_named_where_it_decides(self) -> None:
        found = found_in(self.NODE, {"birth_date": dt.date(1955, 1, 1)})
        assert (list(found.open_terms), list(found.missing)) == (["高龄"], [])

    def test_what_might_still_settle_it_is_missing(self) -> None:
        found = found_in(self.NODE, {})
        assert (list(found.open_terms), list(found.missing)) == (["高龄"], ["birth_date"])


class TestConventions:
    """A convention is shown when the answer hangs on it."""

    CONVENTIONS = Conventions(
        birthday="on-birthday",
        leap_day="leap-day",
        matters={"bounds": "at_bound", "ends": "when_false", "always": "always"},
    )
    AGE = tree.AgeReached(tree.Literal(80))

    def shown(self, node: tree.Node, day: dt.date, **facts: Any) -> list[str]:
        return list(found_in(node, facts, Setting(day, Figures(), self.CONVENTIONS)).conventions)

    def test_the_birthday_is_mentioned_on_the_birthday_only(self) -> None:
        birth = dt.date(1944, 5, 1)
        assert self.shown(self.AGE, dt.date(2024, 5, 1), birth_date=birth) == ["on-birthday"]
        assert self.shown(self.AGE, dt.date(2024, 4, 30), birth_date=birth) == []
        assert self.shown(self.AGE, dt.date(2024, 5, 2), birth_date=birth) == []

    def test_the_moved_leap_day_is_mentioned_on_the_days_it_moves_between(self) -> None:
        eighty_one = tree.AgeReached(tree.Literal(81))
        birth = dt.date(1944, 2, 29)
        assert self.shown(eighty_one, dt.date(2025, 2, 28), birth_date=birth) == ["leap-day"]
        assert self.shown(eighty_one, dt.date(2025, 3, 1), birth_date=birth) == ["on-birthday", "leap-day"]
        assert self.shown(eighty_one, dt.date(2025, 3, 2), birth_date=birth) == []

    @pytest.mark.parametrize(("grade", "shown"), [("1", []), ("2", ["ends"])])
    def test_one_that_ends_something_is_mentioned_when_it_did(self, grade: str, shown: list[str]) -> None:
        node = tree.Noted(tree.Member("grade", ("1",)), convention="ends")
        assert self.shown(node, DAY, grade=grade) == shown

    @pytest.mark.parametrize(("income", "shown"), [(1, []), (2, ["bounds"]), (3, [])])
    def test_one_of_bounds_is_mentioned_on_the_bound(self, income: int, shown: list[str]) -> None:
        node = tree.Noted(tree.Compare("income", "<=", tree.Literal(2)), convention="bounds")
        assert self.shown(node, DAY, income=income) == shown

    def test_only_the_parts_that_made_the_answer_speak(self) -> None:
        one = tree.Noted(tree.Flag("dibao"), convention="always")
        other = tree.Noted(tree.Member("grade", ("1",)), convention="ends")
        node = tree.Any((one, other))
        assert self.shown(node, DAY, dibao=True, grade="2") == ["always"]
        assert self.shown(node, DAY, dibao=False, grade="2") == ["always", "ends"]
