"""Golden cases: people with their expected answers, decided in every back end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from songhe.decision.facts import FactError, read_facts
from songhe.decision.indicator_cases import wrong_answers
from songhe.decision.person import make_decider
from songhe.decision.standard import decide_standards
from songhe.policy.package import Package
from songhe.policy.schema import Case


@dataclass(frozen=True)
class Failure:
    """A case that was not answered as expected."""

    case: str
    entitlement: str
    field: str
    expected: Any
    answered: Any

    def __str__(self) -> str:
        return f"{self.case}: {self.entitlement} {self.field}: expected {self.expected}, answered {self.answered}"


def run_cases(package: Package) -> list[Failure]:
    """Every golden case decided one by one, of people and of indicators; what does not fit comes back."""
    failures = [failure for case in package.cases.values() for failure in run_case(case, package)]
    for case in package.indicator_cases.values():
        failures += [Failure(case.id, *wrong) for wrong in wrong_answers(case, package)]
    return failures


def run_case(case: Case, package: Package) -> list[Failure]:
    vocabulary = package.vocabularies.get(case.subject)
    if vocabulary is None:
        return [Failure(case.id, "subject", "name", "a known subject", case.subject)]
    try:
        facts = read_facts(case.facts, vocabulary)
    except FactError as error:
        return [Failure(case.id, "facts", error.name, "a known fact", error.what)]
    decisions = {d.rule.id: d.as_dict() for d in make_decider(package, case.on, case.subject).decide(facts)}
    decisions |= {d.rule.id: d.as_dict() for d in decide_standards(package, case.on, case.subject, facts)}
    failures: list[Failure] = []
    for id, expected in case.expect.items():
        if id not in decisions:
            failures.append(Failure(case.id, id, "id", "an entitlement", "unknown"))
        else:
            failures += _compare(case.id, id, expected_fields(expected), decisions[id])
    return failures


def expected_fields(expected: Any) -> dict[str, Any]:
    """`entitled` alone is short for `{answer: entitled}`."""
    return expected if isinstance(expected, dict) else {"answer": expected}


def _compare(case: str, id: str, expected: Mapping[str, Any], decision: Mapping[str, Any]) -> list[Failure]:
    wrong = ((name, value) for name, value in expected.items() if not _fits(value, decision.get(name)))
    return [Failure(case, id, name, value, decision.get(name)) for name, value in wrong]


def _fits(expected: Any, answered: Any) -> bool:
    """Mappings may be given in part, lists in any order, decimals as text."""
    if isinstance(expected, dict) and isinstance(answered, dict):
        return all(_fits(part, answered.get(key)) for key, part in expected.items())
    if isinstance(expected, list) and isinstance(answered, list):
        return sorted(map(str, expected)) == sorted(map(str, answered))
    if isinstance(answered, float):
        return str(expected) == str(answered)
    return bool(expected == answered)
