"""A policy package, loaded and checked: everything a city's document says, ready to be decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from songhe.policy.indicator import IndicatorCase
from songhe.policy.rule import ComputedRule, Rule, StandardRule
from songhe.policy.schema import (
    Case,
    City,
    Clause,
    Conflict,
    Convention,
    Document,
    Entitlement,
    FactEntry,
    Indicator,
    Parameter,
    Period,
    Reason,
    Standard,
    SubjectEntry,
    Task,
    Term,
    Unit,
)
from songhe.rules.figures import Figures
from songhe.rules.person import Conventions
from songhe.rules.vocabulary import Vocabulary


@dataclass(frozen=True)
class Package:
    """One package over all its layers; every mapping is by id, in the order of the files."""

    id: str
    document: Document
    documents: tuple[Document, ...]
    layers: tuple[str, ...]
    hash: str
    subjects: Mapping[str, SubjectEntry]
    vocabularies: Mapping[str, Vocabulary]
    conventions: Mapping[str, Convention]
    reasons: Mapping[str, Reason]
    clauses: Mapping[str, Clause]
    terms: Mapping[str, Term]
    parameters: Mapping[str, Parameter]
    figures: Figures
    entitlements: Mapping[str, Entitlement]
    rules: Mapping[str, Rule]
    indicators: Mapping[str, Indicator]
    computed: Mapping[str, ComputedRule]
    tasks: Mapping[str, Task]
    units: Mapping[str, Unit]
    standards: Mapping[str, Standard]
    standard_rules: Mapping[str, StandardRule]
    conflicts: Mapping[str, Conflict]
    cases: Mapping[str, Case]
    indicator_cases: Mapping[str, IndicatorCase]

    def rules_for(self, subject: str) -> list[Rule]:
        """The entitlements of one kind of subject, in list order."""
        return [rule for rule in self.rules.values() if rule.entitlement.subject == subject]

    def beside(self, id: str) -> list[Indicator]:
        """Other targets of the same figure: declared to be, or read from clauses that contradict each other."""
        indicator = self.indicators[id]
        clauses = {reading.clause for conflict in self.conflicts_of(indicator.clauses) for reading in conflict.readings}
        return [
            other
            for other in self.indicators.values()
            if other.id != id
            and (other.id in indicator.same_as or id in other.same_as or clauses.intersection(other.clauses))
        ]

    def conflicts_of(self, clauses: Iterable[str]) -> list[Conflict]:
        """The contradictions in which one of these clauses is a reading."""
        wanted = set(clauses)
        return [c for c in self.conflicts.values() if any(reading.clause in wanted for reading in c.readings)]

    def fact(self, subject: str, name: str) -> FactEntry:
        return next(fact for fact in self.subjects[subject].facts if fact.name == name)

    @property
    def city(self) -> City | None:
        """The place it speaks for: its own, or that of what it is laid over."""
        return next((document.city for document in reversed(self.documents) if document.city), None)

    @property
    def plan_period(self) -> Period | None:
        """The time it plans for, as the topmost layer that speaks of it says."""
        said = (document.plan_period for document in reversed(self.documents))
        return next((period for period in said if period is not None), None)

    @property
    def month_decided_by(self) -> str:
        """The day that stands for a month, as the topmost layer that speaks of it says."""
        said = (document.month_decided_by for document in reversed(self.documents))
        return next((value for value in said if value), "last_day")

    @property
    def reading(self) -> Conventions:
        """The conventions as the evaluator wants them."""
        by_kind = {convention.matters: id for id, convention in self.conventions.items()}
        return Conventions(
            birthday=by_kind.get("birthday"),
            leap_day=by_kind.get("leap_day"),
            matters={id: convention.matters for id, convention in self.conventions.items()},
        )
