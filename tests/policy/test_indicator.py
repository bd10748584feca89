"""Indicators in a package: what a file may say, what is refused, and that all five documents are spoken for."""

from pathlib import Path
from typing import Any

import pytest

from songhe.policy.build import build_package
from songhe.policy.errors import PackageError
from songhe.policy.indicator import scale_of
from songhe.policy.load import load_package
from tests.builders import CITIES, SMALL, write_package

INDICATOR = """\
- id: S-I
  name: {zh: 床位占比, en: beds}
  clauses: [S-4]
  direction: at_least
  targets: [{value: "55", unit: "%"}]
  numerator: {zh: 护理型床位, en: nursing beds}
  denominator: {zh: 床位, en: beds}
"""
COMPUTED = """\
  computed:
    numerator: {sum: nursing_beds, of: institution, where: running}
    denominator: {count: institution, where: running}
"""


def package(tmp_path: Path, text: str) -> Any:
    return build_package(str(write_package(tmp_path / "small", {**SMALL, "indicators": text})))


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(PackageError) as error:
        package(tmp_path, text)
    return "\n".join(map(str, error.value.problems))


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("%", 100), ("%/年", 100), ("名/百张床位", 100), ("名/千名老年人", 1000), ("名/万名老年人", 10_000)]
    + [(unit, None) for unit in ("个/县", "人次/年", "户", "岁", None)],
)
def test_the_unit_says_whether_it_is_a_ratio(unit: str | None, scale: int | None) -> None:
    assert scale_of(unit) == scale


def test_measures_are_read_into_checked_trees(tmp_path: Path) -> None:
    rule = package(tmp_path, INDICATOR + COMPUTED).computed["S-I"]
    assert (rule.numerator.kind, rule.numerator.subject) == ("sum", "institution")
    assert (rule.denominator.kind, rule.denominator.subject, rule.denominator.total) == ("count", "institution", None)


def test_of_persons_only_the_living_are_counted(tmp_path: Path) -> None:
    text = INDICATOR + "  computed: {denominator: {count: person, where: age >= 65}}\n"
    rule = package(tmp_path, text).computed["S-I"].denominator
    assert {"alive", "death_date"} <= set(_facts(rule.where))


def _facts(node: Any) -> tuple[str, ...]:
    from songhe.rules.tree import facts_of

    return facts_of(node)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("  computed: {numerator: {count: institution, where: rooms > 1}}", "unknown fact rooms"),
        ("  computed: {numerator: {sum: founder, of: institution}}", "founder is a code"),
        ("  computed: {numerator: {sum: carers}}", "sum and of go together"),
        ("  computed: {numerator: {count: estate, meets: S-STANDARD}}", "no standard that is computed of a estate"),
        ("  computed: {numerator: {count: case, items: [S-NONE], outcome: granted}}", "unknown item S-NONE"),
        ("  computed: {numerator: {count: division}}", "count: division and level go together"),
        ("  computed: {numerator: {count: person, fund: welfare_lottery}}", "exactly one of count, sum and fund"),
        ("  computed: {}", "give it a numerator or a denominator"),
        ("  same_as: [S-NONE]", "unknown indicator S-NONE"),
        ("  defines: [{from: 2024-01-01, clauses: [S-NONE], unit: 户}]", "unknown clause S-NONE"),
        ("  defines: [{from: 2024-01-01, clauses: [S-4]}]", "it defines nothing"),
        ("  left_open: [colour]", "left_open"),
        ("  narrow: {zh: 窄, en: narrow}", "`narrow` says how"),
        ("  sides: {below: not_met}", "`sides` says what is sure of the direction open"),
        ("  against: year_before", "has no value of its own"),
    ],
)
def test_one_wrong_line_of_an_indicator_is_named(tmp_path: Path, line: str, what: str) -> None:
    told = refused(tmp_path, f"{INDICATOR}{line}\n")
    assert what in told and "small/indicators.yaml" in told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('value: "55"', 'value: "55%"', "write a number such as 55"),
        ('value: "55"', 'value: "101"', "a share cannot be above 100%"),
        ('value: "55", ', "", "a target without a value"),
        ("at_least", "range", "`upper` and the direction range go together"),
    ],
)
def test_one_wrong_target_is_named(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert what in refused(tmp_path, INDICATOR.replace(old, new))


@pytest.mark.parametrize("name", CITIES)
def test_every_indicator_of_a_document_has_a_golden_case(name: str) -> None:
    loaded = load_package(name)
    answered = {id for case in loaded.indicator_cases.values() for id in case.expect}
    assert set(loaded.indicators) - answered == set()


def test_a_wrong_golden_case_of_an_indicator_fails(tmp_path: Path) -> None:
    from songhe.decision.cases import run_cases

    case = "- {id: c, title: {zh: 例, en: case}, on: 2024-01-01, figure: 54/100, expect: {S-I: met, S-NO: met}}\n"
    files = {**SMALL, "indicators": INDICATOR, "indicator-cases": case}
    loaded = build_package(str(write_package(tmp_path / "small", files)))
    told = [str(failure) for failure in run_cases(loaded) if failure.case == "c"]
    assert told == [
        "c: S-I answer: expected met, answered not_met",
        "c: S-NO id: expected an indicator, answered unknown",
    ]


def test_targets_that_contradict_each_other_stand_beside_each_other() -> None:
    loaded = load_package("qingtongxia-2023")
    assert [other.id for other in loaded.beside("QTX-I-24")] == ["QTX-S-1.2d"]
    assert [other.id for other in loaded.beside("QTX-S-1.2d")] == ["QTX-I-24"]
    assert [other.id for other in loaded.beside("QTX-I-18")] == []
