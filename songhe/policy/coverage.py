"""How each clause of a document is carried: by what, or why it is tracked as a task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from songhe.policy.package import Package
from songhe.policy.references import CARRIERS, cited_by
from songhe.policy.schema import Clause

TRACKED = "tracked-as-task"
# How a carrier is named in reports, in the order of the columns.
CARRIER_NAMES = {
    "entitlements": "entitlement",
    "parameters": "parameter",
    "indicators": "indicator",
    "tasks": "task",
    "standards": "standard",
    "conflicts": "conflict",
}


@dataclass(frozen=True)
class Carried:
    """A clause with everything that carries it: (carrier, entry id) pairs, or a reason for tracking it."""

    clause: Clause
    carriers: tuple[tuple[str, str], ...]
    reason: str | None

    @property
    def first(self) -> str:
        """The carrier it is counted under; empty when nothing carries it."""
        if self.carriers:
            return self.carriers[0][0]
        return TRACKED if self.reason else ""


def coverage(package: Package) -> list[Carried]:
    """Every clause of the package, in document order."""
    carriers: dict[str, dict[tuple[str, str], None]] = {}
    for clause, name, entry in _citations(package):
        carriers.setdefault(clause, {})[(name, entry)] = None
    return [
        Carried(clause, tuple(carriers.get(id, ())), _reason(package, clause)) for id, clause in package.clauses.items()
    ]


def _citations(package: Package) -> Iterator[tuple[str, str, str]]:
    """(clause, carrier, entry id), carriers in the order of CARRIERS."""
    for kind in CARRIERS:
        for id, item in getattr(package, kind).items():
            cited = (
                package.rules[id].clauses_with_terms if kind == "entitlements" else [c for c, _ in cited_by(kind, item)]
            )
            yield from ((clause, CARRIER_NAMES[kind], id) for clause in cited)


def _reason(package: Package, clause: Clause) -> str | None:
    if clause.tracked is None:
        return None
    text = package.reasons[clause.tracked].text if isinstance(clause.tracked, str) else clause.tracked
    return text.zh


def by_capability(carried: list[Carried]) -> dict[str, Counter[str]]:
    """Clauses per capability and carrier."""
    table: dict[str, Counter[str]] = {}
    for item in carried:
        table.setdefault(item.clause.capability, Counter())[item.first] += 1
    return dict(sorted(table.items()))
