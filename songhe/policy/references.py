"""Every clause that is named exists, and every clause is carried by something or tracked for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from songhe.policy.entries import RawEntry
from songhe.policy.errors import Problem
from songhe.policy.rule import Rule
from songhe.policy.yamlfile import Path_

Parts = Mapping[str, Mapping[str, tuple[Any, RawEntry]]]
# "clause" or "convention", its name, and where it is named.
Citation = tuple[str, str, RawEntry, Path_]

_WHERE = {"clause": "name a clause of clauses.yaml", "convention": "see cn/conventions.yaml"}

# What may carry a clause, in the order in which it is named when several do.
CARRIERS = ("entitlements", "parameters", "indicators", "tasks", "standards", "conflicts")


def check_references(parts: Parts, rules: Mapping[str, Rule], cited: list[Citation], problems: list[Problem]) -> None:
    """Notes unknown clauses, conventions and reasons, and clauses that nothing mentions."""
    clauses = parts["clauses"]
    named = [*_entry_citations(parts), *cited]
    for kind, name, entry, path in named:
        if name not in parts[f"{kind}s"]:
            problems.append(entry.problem(path, f"unknown {kind} {name}", _WHERE[kind]))
    for item, entry in parts["indicators"].values():
        for index, id in enumerate(item.same_as):
            if id not in parts["indicators"]:
                problems.append(entry.problem(("same_as", index), f"unknown indicator {id}", "see indicators.yaml"))
    mentioned = {name for kind, name, _, _ in named if kind == "clause"}
    for id, (clause, entry) in clauses.items():
        if isinstance(clause.tracked, str) and clause.tracked not in parts["reasons"]:
            problems.append(entry.problem(("tracked",), f"unknown reason {clause.tracked}", "see cn/reasons.yaml"))
        if id not in mentioned and clause.tracked is None:
            problems.append(entry.problem((), "nothing mentions this clause", "cite it, or say why it is `tracked`"))


def _entry_citations(parts: Parts) -> Iterator[Citation]:
    for kind in (*CARRIERS, "terms"):
        for item, entry in parts[kind].values():
            for clause, path in cited_by(kind, item):
                yield "clause", clause, entry, path
    for term, entry in parts["terms"].values():
        if term.convention:
            yield "convention", term.convention, entry, ("convention",)


def cited_by(kind: str, item: Any) -> Iterator[tuple[str, Path_]]:
    """The clauses an entry names, with their places."""
    if kind == "conflicts":
        for index, reading in enumerate(item.readings):
            yield reading.clause, ("readings", index, "clause")
        return
    for index, clause in enumerate(item.clauses):
        yield clause, ("clauses", index)
    if kind == "tasks":
        for index, milestone in enumerate(item.milestones):
            if milestone.clause is not None:
                yield milestone.clause, ("milestones", index, "clause")
    if kind == "indicators":
        for number, defined in enumerate(item.defines):
            for index, clause in enumerate(defined.clauses):
                yield clause, ("defines", number, "clauses", index)
    if kind == "entitlements" and item.paid_from is not None:
        for index, clause in enumerate(item.paid_from.clauses):
            yield clause, ("paid_from", "clauses", index)
