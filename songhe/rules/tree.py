"""The checked tree of a condition. Every back end reads this tree and nothing else.

Truth has three values: True, False and None (unknown), joined by Kleene's rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from songhe.common.text import Text


@dataclass(frozen=True)
class Literal:
    """A value written in the rule."""

    value: str | int | bool | dt.date | Decimal


@dataclass(frozen=True)
class ParameterRef:
    """A dated figure of the package, read on the day decided on."""

    id: str


Operand = Literal | ParameterRef


@dataclass(frozen=True)
class Flag:
    """A bool fact by itself."""

    fact: str


@dataclass(frozen=True)
class Compare:
    """A fact against a value: `=`, `<>`, `<`, `<=`, `>` or `>=`."""

    fact: str
    op: str
    operand: Operand


@dataclass(frozen=True)
class DayCompare:
    """A date fact against the day decided on."""

    fact: str
    op: str


@dataclass(frozen=True)
class FactCompare:
    """A fact against another of the same subject and type: `care_premises_accepted <= housing_accepted`."""

    fact: str
    op: str
    other: str


@dataclass(frozen=True)
class AgeReached:
    """The person has reached an age (周岁) on the day."""

    years: Operand
    fact: str = "birth_date"


@dataclass(frozen=True)
class Member:
    """A code fact among some of its values."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Within:
    """A division fact at or below a division."""

    fact: str
    code: str


@dataclass(frozen=True)
class Known:
    """The fact is known; never unknown itself."""

    fact: str


@dataclass(frozen=True)
class Constant:
    """Always the same."""

    truth: bool


@dataclass(frozen=True)
class Period:
    """The day lies from `start` to `end`, both included; None leaves that end open."""

    start: dt.date | None
    end: dt.date | None

    def contains(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


Atom = Flag | Compare | DayCompare | FactCompare | AgeReached | Member | Within | Known | Constant | Period


@dataclass(frozen=True)
class Not:
    part: Node


@dataclass(frozen=True)
class All:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Any:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Assume:
    """What an unknown means here, by the author's declared reason."""

    part: Node
    truth: bool
    because: Text


@dataclass(frozen=True)
class Open:
    """An open term: true where every reading says yes, false where every reading says no."""

    term: str
    surely: Node
    surely_not: Node


@dataclass(frozen=True)
class Noted:
    """A part with what a reader should know of it: its text, clause, label, convention or term."""

    part: Node
    text: str | None = None
    clauses: tuple[str, ...] = ()
    label: Text | None = None
    convention: str | None = None
    term: str | None = None
    kind: str = "leaf"


Node = Atom | Not | All | Any | Assume | Open | Noted

# One shared instance: an absent `surely` or `surely_not` never holds.
NEVER = Constant(False)
ALWAYS = Constant(True)


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case All(parts) | Any(parts):
            return parts
        case Not(part) | Assume(part) | Noted(part):
            return (part,)
        case Open(_, surely, surely_not):
            return (surely, surely_not)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, top first."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_of(node: Node) -> tuple[str, ...]:
    """The facts a condition reads, each once, in reading order."""
    found = (getattr(part, name) for part in walk(node) for name in ("fact", "other") if hasattr(part, name))
    return tuple(dict.fromkeys(found))


def parameters_of(node: Node) -> tuple[str, ...]:
    """The parameters a condition reads, each once, in reading order."""
    return tuple(dict.fromkeys(ref.id for part in walk(node) if (ref := operand_of(part)) is not None))


def operand_of(node: Node) -> ParameterRef | None:
    """The parameter an atom reads, if it reads one."""
    operand = node.operand if isinstance(node, Compare) else node.years if isinstance(node, AgeReached) else None
    return operand if isinstance(operand, ParameterRef) else None


def clauses_of(node: Node, *, with_terms: bool = True) -> tuple[str, ...]:
    """The clauses a condition cites; those of terms are left out on demand, because several items share a term."""
    noted = (part for part in walk(node) if isinstance(part, Noted) and (with_terms or part.kind != "term"))
    return tuple(dict.fromkeys(clause for part in noted for clause in part.clauses))


def terms_of(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.term for part in walk(node) if isinstance(part, Open)))


def every(*parts: Node) -> Node:
    """All of the parts, without needless nesting."""
    return parts[0] if len(parts) == 1 else All(parts)


def size_of(node: Node) -> int:
    """How many parts a condition has, itself included."""
    return sum(1 for _ in walk(node))
