"""A file as a page shows it: what is known in groups, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.registry.queries import Resolved
from songhe.registry.vocabulary import is_sealed, label
from songhe.registry.words import groups, in_words, source_name, usual_sources

ALWAYS = say("一直", "ever since")


@dataclass(frozen=True)
class Line:
    """One known fact."""

    fact: str
    label: Text
    value: Text
    source: Text
    span: Text
    recorded_at: dt.datetime
    record: int
    is_sealed: bool
    is_disputed: bool

    @property
    def is_dated(self) -> bool:
        return self.span != ALWAYS


@dataclass(frozen=True)
class Lacking:
    fact: str
    label: Text
    usual: Text | None


@dataclass(frozen=True)
class Section:
    name: Text
    lines: Sequence[Line]
    lacking: Sequence[Lacking]


def sections(known: Mapping[str, Resolved]) -> list[Section]:
    """Every fact there is, in its group: the known ones with where they come from, the others with who might know."""
    usual = usual_sources()
    return [
        Section(
            group.name,
            [_line(fact, known[fact]) for fact in group.facts if fact in known],
            [Lacking(fact, label(fact), usual.get(fact)) for fact in group.facts if _is_lacking(fact, known)],
        )
        for group in groups()
    ]


def _is_lacking(fact: str, known: Mapping[str, Resolved]) -> bool:
    # Who lives has no date of death, and nobody is to look for one.
    lives = "alive" not in known or known["alive"].value is not False
    return fact not in known and not (fact == "death_date" and lives)


def _line(fact: str, held: Resolved) -> Line:
    return Line(
        fact=fact,
        label=label(fact),
        value=in_words(fact, held.value),
        source=source_name(held.source),
        span=span(held.valid_from, held.valid_to),
        recorded_at=held.recorded_at,
        record=held.record,
        is_sealed=is_sealed(fact),
        is_disputed=held.conflict,
    )


def span(start: dt.date | None, end: dt.date | None) -> Text:
    """The days for which something holds, both included."""
    if start is None and end is None:
        return ALWAYS
    if end is None:
        return say(f"{start}起", f"from {start}")
    if start is None:
        return say(f"至{end}", f"until {end}")
    return say(f"{start}至{end}", f"{start} to {end}")
