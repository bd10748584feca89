"""Why a run answered as it did for one person: the same decision once more, with its whole explanation."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.decision.explain import explain_decision
from songhe.decision.person import Decision, make_decider
from songhe.entitlement.models import Run
from songhe.entitlement.standing import standing_of
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.registry.models import Person
from songhe.registry.queries import Resolved, file_as_of
from songhe.rules.explain import Explained


@dataclass(frozen=True)
class Reason:
    """The decision, every leaf of its condition with its truth and clause, and the facts it rests on with sources.

    `standing` is one of `standing.STANDINGS`: whether a grant lets it be paid, or none is needed.
    """

    decision: Decision
    explained: Explained
    facts: dict[str, Resolved]
    standing: str


def why(*, run: Run, person: Person, item: str, month: int, package: Package) -> Reason:
    """One item in one month (202603), as known to the run. ValueError for an item that the package has not."""
    rule = package.rules.get(item)
    if rule is None:
        raise ValueError(f"{package.id} has no item {item}")
    day = day_of(package, month)
    file = file_as_of(person, valid_on=day, known_at=run.known_in_id)
    facts = {name: file[name] for name in rule.facts if name in file}
    values = {name: one.value for name, one in facts.items()}
    (decision,) = make_decider(package, day, only=item).decide(values)
    return Reason(
        decision, explain_decision(decision, values, package, day), facts, standing_of(run, rule, person.pk, month)
    )
