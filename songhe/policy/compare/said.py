"""What one entry of a document says, as people write it, with its clauses and whatever is open about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from songhe.common.text import Text
from songhe.policy.package import Package
from songhe.policy.schema import Clause, Conflict


@dataclass(frozen=True)
class Detail:
    """A further line of a cell: who, how it is delivered, a figure that an amount is worked out from."""

    label: Text
    text: Text


@dataclass(frozen=True)
class Said:
    """One entry in a cell.

    `certainty` of an amount or figure: exact, at_least, unset; empty where nothing is counted. `ours` is what follows
    from it exactly in another unit, and is not the document's.
    """

    entry: str
    name: Text
    value: Text
    clauses: tuple[Clause, ...]
    details: tuple[Detail, ...] = ()
    certainty: str = ""
    ours: Text | None = None
    open: tuple[Text, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def clauses_of(package: Package, ids: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses by id, each once, in the order they are cited."""
    return tuple(package.clauses[id] for id in dict.fromkeys(ids) if id in package.clauses)


def conflicts_of(package: Package, clauses: Sequence[Clause]) -> tuple[Conflict, ...]:
    """The contradictions in which one of the clauses is a reading."""
    return tuple(package.conflicts_of(clause.id for clause in clauses))
