"""What can be wrong with a procedure that has the right shape: nobody checks, a figure rests on nothing, two fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from songhe.casework.shapes import Grounds, Procedure, Step
from songhe.common.text import Text
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package

_Fault = tuple[tuple[str | int, ...], str, str]


def faults(procedure: Procedure, conventions: dict[str, Text], others: list[Procedure]) -> Iterator[_Fault]:
    """Where in the procedure, what is wrong, and how to mend it; `others` were read before this one."""
    yield from _faults_of_order(procedure)
    for number, step in enumerate(procedure.steps):
        yield from _faults_of_grounds(procedure, ("steps", number), step, conventions)
        if (step.kind == "notice") != (step.days is not None):
            yield ("steps", number), f"{step.id}: days belong to a notice, and every notice has them", "mend days"
        if step.kind != "work" and step.not_when_offered:
            yield ("steps", number), f"{step.id}: only work can be left out when offered", "drop not_when_offered"
    if procedure.appeal:
        yield from _faults_of_grounds(procedure, ("appeal",), procedure.appeal, conventions)
    for other in others:
        if (other.kind, other.applies) == (procedure.kind, procedure.applies) and _overlap(other, procedure):
            yield (), f"it is for the same as {other.id} on the same days", "set from and to"


def _faults_of_order(procedure: Procedure) -> Iterator[_Fault]:
    kinds = [step.kind for step in procedure.steps]
    ids = [step.id for step in procedure.steps]
    if len(set(ids)) < len(ids):
        yield ("steps",), "two steps have the same id", "rename one"
    if kinds.count("decide") != 1 or kinds.count("notice") > 1:
        yield ("steps",), "one step decides, and at most one is a notice", "mend kind"
        return
    decide = kinds.index("decide")
    if kinds[decide + 1 :] != ["inform"] or "inform" in kinds[:decide]:
        yield ("steps",), "whoever applied is informed right after the decision, and that is all", "end with inform"
    if "notice" in kinds and not 0 < kinds.index("notice") < decide:
        yield ("steps",), "a notice stands between the work and the decision", "move it"
    if "refuse" not in procedure.steps[decide].may or procedure.appeal is None:
        yield ("steps", decide), "what can be granted can be refused and appealed", "add refuse, and appeal"
    yield from _faults_of_duties(procedure.steps[: decide + 1])


def _faults_of_duties(steps: Sequence[Step]) -> Iterator[_Fault]:
    *before, decide = steps
    earlier = {step.duty for step in before}
    if None in earlier or not earlier or decide.duty is None or decide.duty in earlier:
        yield ("steps",), "whoever decides must be another person than those before", "give every step its duty"


def _faults_of_grounds(
    procedure: Procedure, path: tuple[str | int, ...], grounds: Grounds, conventions: dict[str, Text]
) -> Iterator[_Fault]:
    if not grounds.clauses and grounds.because is None:
        yield path, "a figure without grounds", "cite clauses, or because: a convention"
    if grounds.because is not None and grounds.because not in conventions:
        yield path, f"there is no convention {grounds.because}", "add it to conventions, with its reason"
    if grounds.clauses:
        known = _clauses(procedure.applies.package)
        for clause in grounds.clauses:
            if clause not in known:
                yield path, f"{clause} is no clause of the package {procedure.applies.package}", "set for.package"


def _clauses(package: str | None) -> frozenset[str]:
    try:
        return frozenset(load_package(package).clauses) if package else frozenset()
    except (UnknownPackage, PackageError):
        return frozenset()


def _overlap(one: Procedure, other: Procedure) -> bool:
    start = max(one.start or dt.date.min, other.start or dt.date.min)
    return start <= min(one.end or dt.date.max, other.end or dt.date.max)
