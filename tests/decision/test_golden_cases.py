"""Every package decided in all three back ends: its golden cases, and people nobody thought of."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.decision.cases import expected_fields, run_cases
from songhe.decision.explain import explain_decision, next_change
from songhe.decision.facts import read_facts
from songhe.decision.person import Decision, make_decider
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.rules.bits import MAX_DAYS
from tests.builders import (
    PACKAGES,
    SMALL,
    Answers,
    Question,
    answer_by_bits,
    answer_by_dense,
    area_of,
    differences,
    month_ends,
    ordered_days,
    outcomes_by_decider,
    outcomes_by_masks,
    package_question,
    random_people,
    write_package,
)

every_package = pytest.mark.parametrize("name", PACKAGES)


@every_package
def test_the_golden_cases_are_answered_as_expected(name: str) -> None:
    assert [str(failure) for failure in run_cases(load_package(name))] == []


@pytest.mark.parametrize("back_end", [answer_by_dense, answer_by_bits])
@every_package
def test_the_golden_cases_pass_in_both_forms_of_sql(name: str, back_end: Callable[[Question], Answers]) -> None:
    """All cases on all their days in one statement; of each case its own day is looked at."""
    package = load_package(name)
    cases = [case for case in package.cases.values() if case.subject == "person"]
    people = [read_facts(case.facts, package.vocabularies["person"]) for case in cases]
    every_day = sorted({case.on for case in cases})
    for days in (every_day[first : first + MAX_DAYS] for first in range(0, len(every_day), MAX_DAYS)):
        question = package_question(package, people, days)
        outcomes = outcomes_by_masks(package, question, back_end(question))
        for id, case in enumerate(cases):
            for item in case.expect.keys() & package.rules.keys() if case.on in days else ():
                answer, variant, amount = outcomes[item, id, days.index(case.on)]
                answered = {"answer": answer, "variant": variant}
                if amount is not None:
                    answered["amount"] = dict(zip(("kind", "fen"), amount, strict=True))
                assert shown(expected_fields(case.expect[item]), answered) == answered, (case.id, item)


def shown(expected: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """What is expected where the case says so, and what was answered where it does not."""
    said = {key: expected[key] for key in answered if key in expected}
    if isinstance(said.get("amount"), dict):
        said["amount"] = answered["amount"] | {k: v for k, v in said["amount"].items() if k in ("kind", "fen")}
    return answered | said


# -- people nobody thought of


def ask(package: Package, seed: int, count: int, days: Sequence[dt.date]) -> Any:
    people = random_people(package.vocabularies["person"], seed, count, days, area_of(package))
    return package_question(package, people, days)


@every_package
@settings(max_examples=3)
@given(seed=st.integers(0, 10**6), days=ordered_days())
def test_the_decider_and_both_forms_of_sql_agree_on_anybody(name: str, seed: int, days: list[dt.date]) -> None:
    package = load_package(name)
    question = ask(package, seed, 200 // len(days) + 5, days)
    decided = outcomes_by_decider(package, question)
    dense, bits = answer_by_dense(question), answer_by_bits(question)
    assert differences(dense, bits) == {}
    assert differences(decided, outcomes_by_masks(package, question, dense)) == {}


@every_package
def test_random_people_meet_every_answer(name: str) -> None:
    """Otherwise the agreement above would say little."""
    package = load_package(name)
    question = ask(package, 1, 200, month_ends("2025-01", 2))
    outcomes = outcomes_by_decider(package, question)
    for rule in package.rules_for("person"):
        answers = {outcome[0] for (item, _, _), outcome in outcomes.items() if item == rule.id}
        assert len(answers) > 1, rule.id


# -- what an explanation promises


def decisions(package: Package, facts: dict[str, Any], day: dt.date) -> list[Decision]:
    return make_decider(package, day).decide(facts)


@every_package
def test_the_explanations_root_is_the_decision(name: str) -> None:
    package = load_package(name)
    truths = {"entitled": True, "not_entitled": False, "undetermined": None}
    day = dt.date(2025, 2, 28)
    for facts in random_people(package.vocabularies["person"], 2, 8, [day], area_of(package)):
        for decision in decisions(package, facts, day):
            assert explain_decision(decision, facts, package, day).truth is truths[decision.answer]


@every_package
def test_an_undetermined_answer_says_what_it_hangs_on(name: str) -> None:
    package = load_package(name)
    day = dt.date(2025, 2, 28)
    decider = make_decider(package, day)
    for facts in random_people(package.vocabularies["person"], 3, 100, [day], area_of(package)):
        for decision in decider.decide(facts):
            reasons = [*decision.found.missing, *decision.found.open_terms, *decision.found.figures]
            has_no_level = decision.is_owed and bool(decision.rule.variants) and decision.variant is None
            if decision.answer == "undetermined" or has_no_level:
                assert reasons, (decision.rule.id, facts)


def outcome(decision: Decision) -> Any:
    return decision.answer, decision.variant, decision.amount


@pytest.mark.parametrize("name", ["suizhou-reform-75", "suizhou-county-example", "qingtongxia-2023"])
def test_the_next_change_is_the_first_day_with_another_answer(name: str) -> None:
    """Tried day by day over the turns of two years, on which figures change."""
    package = load_package(name)
    first = dt.date(2024, 12, 20)
    days = [first + dt.timedelta(days=n) for n in range(1, 400)]
    people = random_people(package.vocabularies["person"], 5, 4, [*days[::100]], area_of(package))
    before = {id: decisions(package, facts, first) for id, facts in enumerate(people)}
    turned: dict[tuple[int, str], dt.date] = {}
    for day in days:
        decider = make_decider(package, day)
        for id, facts in enumerate(people):
            for old, new in zip(before[id], decider.decide(facts), strict=True):
                if outcome(old) != outcome(new):
                    turned.setdefault((id, old.rule.id), day)
    for id, facts in enumerate(people):
        for decision in before[id]:
            change = next_change(decision, facts, package, first)
            assert (change if change and change <= days[-1] else None) == turned.get((id, decision.rule.id))
    assert turned


# -- a package of one's own


def small_package(tmp_path: Path, **changes: str) -> Package:
    return load_package(str(write_package(tmp_path / "small", {**SMALL, **changes})))


def test_an_unknown_level_says_what_it_hangs_on(tmp_path: Path) -> None:
    """Somebody is owed the item at half for certain and at full perhaps: the fact that decides is missing."""
    facts = {"alive": True, "birth_date": dt.date(1960, 1, 1), "low_income_family": True}
    (_, decision) = decisions(small_package(tmp_path), facts, dt.date(2024, 10, 31))
    assert (decision.answer, decision.variant) == ("entitled", None)
    assert list(decision.found.missing) == ["dibao"]


def test_an_unknown_tier_promises_no_sum_and_says_what_it_hangs_on(tmp_path: Path) -> None:
    tiers = SMALL["entitlements"].replace("when: age >= 90", "when: dementia")
    facts = {"alive": True, "birth_date": dt.date(1940, 1, 1), "dibao": True}
    (_, decision) = decisions(small_package(tmp_path, entitlements=tiers), facts, dt.date(2024, 10, 31))
    assert (decision.answer, decision.amount.kind, decision.amount.fen) == ("entitled", "unset", None)
    assert list(decision.found.missing) == ["dementia"]


@pytest.mark.parametrize(
    ("end", "change"),
    [
        ("2024-11-30", dt.date(2024, 12, 1)),
        ("9999-12-31", dt.date(2025, 1, 1)),  # the next sum: the item itself goes on for ever
    ],
)
def test_an_item_changes_the_day_after_its_last_one(tmp_path: Path, end: str, change: dt.date) -> None:
    who = f"  in_force: {{from: 2024-01-01, to: {end}}}\n  who: age >= 60"
    package = small_package(tmp_path, entitlements=SMALL["entitlements"].replace("  who: age >= 60", who))
    facts = {"alive": True, "birth_date": dt.date(1920, 1, 1), "dibao": True}
    (_, decision) = decisions(package, facts, dt.date(2024, 10, 31))
    assert decision.is_owed
    assert next_change(decision, facts, package, dt.date(2024, 10, 31)) == change


@pytest.mark.parametrize("facts", [{}, {"alive": None, "dibao": None}])
def test_of_whom_nothing_is_known_nothing_is_paid(facts: dict[str, Any]) -> None:
    for name in PACKAGES:
        for decision in decisions(load_package(name), facts, dt.date(2025, 2, 28)):
            assert not decision.is_owed


@every_package
def test_the_dead_are_owed_nothing(name: str) -> None:
    package = load_package(name)
    day = dt.date(2025, 2, 28)
    for facts in random_people(package.vocabularies["person"], 6, 30, [day], area_of(package)):
        dead = {**facts, "death_date": day}
        assert {decision.answer for decision in decisions(package, dead, day)} == {"not_entitled"}
