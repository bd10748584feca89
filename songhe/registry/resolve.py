"""What holds, out of everything that was stated: pure, without a database. `resolve_sql` says the same for millions.

A record counts when it was known (transaction) and is valid (from, to) and not retracted. Each source speaks by its
record that is valid from the latest day, of those the one recorded last; a source that withdrew to unknown says
nothing. Between sources the configured precedence decides, and a disagreement is a conflict until a person settles it.

A death absorbs: whoever is known to have died is dead, whatever arrives later and from whom; only retracting the record
brings the person back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from songhe.registry.sources import SETTLED, Precedence

ALIVE, DEATH_DATE = "alive", "death_date"


@dataclass(frozen=True, slots=True)
class Record:
    """A statement as resolution sees it; `retracted_in` is the number of the transaction that took it back."""

    id: int
    fact: str
    value: str | None
    source: str
    transaction: int
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    retracted_in: int | None = None

    def counts(self, valid_on: dt.date, known_at: int | None) -> bool:
        """Whether it was known, not taken back, and valid."""
        is_known = known_at is None or self.transaction <= known_at
        is_retracted = self.retracted_in is not None and (known_at is None or self.retracted_in <= known_at)
        begun = self.valid_from is None or self.valid_from <= valid_on
        ended = self.valid_to is not None and self.valid_to < valid_on
        return is_known and not is_retracted and begun and not ended

    @property
    def recency(self) -> tuple[dt.date, int, int]:
        return (self.valid_from or dt.date.min, self.transaction, self.id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a fact: the value, the record it comes from, and whether sources disagree."""

    value: str
    record: Record
    conflict: bool = False


def resolve(
    records: Iterable[Record], *, valid_on: dt.date, known_at: int | None, precedence: Precedence
) -> dict[str, Verdict]:
    """The known facts of one person on a day, by fact; an absent fact is unknown. `known_at` None: as known now."""
    by_fact: dict[str, list[Record]] = {}
    deaths: list[Record] = []
    for record in records:
        if not record.counts(valid_on, known_at):
            continue
        # Kept apart, so that nothing said about life can stand before a death.
        is_death = record.fact == ALIVE and record.value == "false"
        (deaths if is_death else by_fact.setdefault(record.fact, [])).append(record)
    verdicts = {}
    for fact, said in by_fact.items():
        if verdict := _between_sources(_leading(said), precedence.ranks[fact]):
            verdicts[fact] = verdict
    if death := _death(deaths, verdicts.get(DEATH_DATE), valid_on, precedence):
        verdicts[ALIVE] = replace(death, conflict=_seen_alive_after(death, by_fact.get(ALIVE, [])))
    return verdicts


def _leading(records: Iterable[Record]) -> list[Record]:
    """The record by which each source speaks, of those that say something."""
    leading: dict[str, Record] = {}
    for record in records:
        best = leading.get(record.source)
        if best is None or record.recency > best.recency:
            leading[record.source] = record
    return [record for record in leading.values() if record.value is not None]


def _between_sources(leading: list[Record], ranks: Mapping[str, int]) -> Verdict | None:
    if not leading:
        return None
    best = min(leading, key=lambda record: ranks[record.source])
    # What was settled answers everything said before it; what is said afterwards may reopen the question.
    heard = [record for record in leading if best.source != SETTLED or record.transaction >= best.transaction]
    values = {record.value for record in heard}
    return Verdict(str(best.value), best, len(values) > 1)


def _death(deaths: list[Record], date: Verdict | None, valid_on: dt.date, precedence: Precedence) -> Verdict | None:
    """The verdict that the person is dead on the day, or None."""
    if verdict := _between_sources(_leading(deaths), precedence.ranks[ALIVE]):
        return verdict
    if date is not None and dt.date.fromisoformat(date.value) <= valid_on:
        return Verdict("false", date.record)
    return None


def _seen_alive_after(death: Verdict, said: list[Record]) -> bool:
    """Whether a source says that the person lives on a day after the death: a mistake somebody has to look at."""
    record = death.record
    day = dt.date.fromisoformat(str(record.value)) if record.fact == DEATH_DATE else record.valid_from
    return any((alive.valid_from or dt.date.min) > (day or dt.date.min) for alive in _leading(said))
