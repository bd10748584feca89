"""The explanation agrees with the decision, part by part; and the days on which an answer may turn are all known."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings

from songhe.rules import tree
from songhe.rules.explain import Explained, change_days, explain
from songhe.rules.figures import DatedFigure, Figures
from songhe.rules.person import Setting
from tests.builders import conditions, decide, figures, people, term, text

DAY = dt.date(2024, 2, 29)
SETTING = Setting(DAY, Figures())
persons = people([DAY])
OLD = tree.AgeReached(tree.Literal(80))


def every_part(explained: Explained) -> list[Explained]:
    return [explained, *(inner for part in explained.parts for inner in every_part(part))]


def joined(kind: str, truths: list[bool | None]) -> bool | None:
    if kind == "not":
        return None if truths[0] is None else not truths[0]
    decisive = kind == "any"
    return decisive if decisive in truths else None if None in truths else not decisive


@settings(max_examples=80)
@given(conditions(), persons, figures())
def test_its_root_has_the_truth_of_the_decision(node: tree.Node, facts: dict[str, Any], given: Figures) -> None:
    assert explain(node, facts, Setting(DAY, given)).truth is decide(node, facts, DAY, given)


@settings(max_examples=80)
@given(conditions(), persons, figures())
def test_every_joined_part_follows_from_its_own_parts(node: tree.Node, facts: dict[str, Any], given: Figures) -> None:
    for part in every_part(explain(node, facts, Setting(DAY, given))):
        if part.kind in ("all", "any", "not"):
            assert part.truth is joined(part.kind, [inner.truth for inner in part.parts])


@settings(max_examples=60)
@given(conditions(max_leaves=5), persons, figures())
def test_an_answer_turns_only_on_the_days_named(node: tree.Node, facts: dict[str, Any], given: Figures) -> None:
    first = dt.date(2023, 2, 27)
    days = set(change_days((node,), facts, Setting(first, given)))
    truth = decide(node, facts, first, given)
    for offset in range(1, 800):
        day = first + dt.timedelta(days=offset)
        turned = decide(node, facts, day, given)
        assert turned is truth or day in days
        truth = turned


def test_the_days_come_in_order_later_than_today_and_once() -> None:
    node = tree.All((OLD, tree.Not(OLD), tree.AgeReached(tree.Literal(60)), tree.AgeReached(tree.Literal(100))))
    days = change_days((node, node), {"birth_date": dt.date(1944, 3, 1)}, SETTING)
    assert days == [dt.date(2024, 3, 1), dt.date(2044, 3, 1)]


@pytest.mark.parametrize("end", [dt.date(9999, 12, 31), None])
def test_a_period_without_an_end_never_turns(end: dt.date | None) -> None:
    period = tree.Period(dt.date(2024, 1, 1), end)
    assert change_days((period,), {}, SETTING) == []


def test_a_birthday_is_named_under_every_value_of_the_age_limit() -> None:
    limits = Figures({"old_age": (DatedFigure(80, None, dt.date(2025, 12, 31)), DatedFigure(75, dt.date(2026, 1, 1)))})
    days = change_days(
        (tree.AgeReached(tree.ParameterRef("old_age")),), {"birth_date": dt.date(1950, 6, 1)}, Setting(DAY, limits)
    )
    assert days == [dt.date(2025, 6, 1), dt.date(2026, 1, 1), dt.date(2030, 6, 1)]


def test_a_leaf_shows_its_words_clause_facts_and_figures() -> None:
    leaf = tree.Noted(
        tree.Compare("income", "<=", tree.ParameterRef("cap")),
        text="income <= cap",
        clauses=("C-1",),
        label=text("income"),
    )
    limits = Figures({"cap": (DatedFigure(50_000),)})
    assert explain(leaf, {"income": 60_000}, Setting(DAY, limits)).as_dict() == {
        "kind": "leaf",
        "truth": False,
        "test": "income <= cap",
        "label": {"zh": "income", "en": "income"},
        "clause": "C-1",
        "facts": {"income": 60_000},
        "parameters": {"cap": 50_000},
    }


def test_dates_are_shown_as_text_and_unknown_facts_as_null() -> None:
    node = tree.All((OLD, tree.Flag("dibao")))
    shown = explain(node, {"birth_date": dt.date(1944, 2, 29)}, SETTING).as_dict()
    assert [part["facts"] for part in shown["parts"]] == [{"birth_date": "1944-02-29"}, {"dibao": None}]


@pytest.mark.parametrize(("dibao", "is_assumed"), [(True, False), (None, True)])
def test_an_assumption_is_shown_with_its_reason_only_where_it_was_made(dibao: bool | None, is_assumed: bool) -> None:
    node = tree.Noted(tree.Assume(tree.Flag("dibao"), True, text("always so")), text="dibao")
    shown = explain(node, {"dibao": dibao}, SETTING)
    assert (shown.truth, shown.assumed, shown.because) == (True, is_assumed, text("always so") if is_assumed else None)


def test_a_term_stands_above_its_definition() -> None:
    used = tree.Noted(term("old", OLD), kind="use", clauses=("C-1",))
    shown = explain(used, {"birth_date": dt.date(1944, 2, 29)}, SETTING)
    assert (shown.kind, shown.term, shown.truth, shown.clauses) == ("term", "old", True, ("C-1",))
    assert [part.kind for part in shown.parts] == ["leaf"]


def test_an_open_term_shows_the_sides_it_has() -> None:
    shown = explain(tree.Open("高龄", OLD, tree.NEVER), {"birth_date": dt.date(1950, 1, 1)}, SETTING)
    assert (shown.kind, shown.term, shown.truth) == ("open", "高龄", None)
    assert [part.truth for part in shown.parts] == [False]
