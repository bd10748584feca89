"""A city's data made ready for drawing people on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from songhe.common.calendar import latest_birth_date
from songhe.synth.city import City, Draw, Missing
from songhe.synth.errors import SynthError
from songhe.synth.places import places
from songhe.synth.quotas import LEVELS
from songhe.synth.tables import BOOLEAN, Table, Value, compile_table
from songhe.synth.vocabulary import Fact, person_facts

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Gap:
    """Facts that are missing together, with the table that says when."""

    facts: tuple[str, ...]
    table: Table


@dataclass(frozen=True)
class Plan:
    """Everything that stays the same from chunk to chunk."""

    city: City
    as_of: np.datetime64
    facts: tuple[Fact, ...]
    draws: tuple[Table, ...]
    gaps: tuple[Gap, ...]
    levels: Mapping[str, tuple[Value, ...]]
    divisions: tuple[str, ...]
    communities: int
    villages: int
    youngest_births: Days
    oldest_births: Days

    def code(self, fact: str, value: Value) -> int:
        """The place of a value among those of a fact."""
        return self.levels[fact].index(value)


def make_plan(city: City, as_of: dt.date) -> Plan:
    """ValueError when the city's data does not fit the vocabulary, SynthError when the day is too early."""
    facts = person_facts()
    levels: dict[str, tuple[Value, ...]] = {"age": tuple(city.bands()), "ability": LEVELS}
    draws = []
    for entry in city.draws:
        table = _table(entry, facts, levels)
        levels[entry.name] = table.values
        draws.append(table)
    local = places(city)
    communities = sum(place.kind == "community" for place in local)
    youngest, oldest = _birth_ranges(city, as_of)
    return Plan(
        city=city,
        as_of=np.datetime64(as_of, "D"),
        facts=facts,
        draws=tuple(draws),
        gaps=_gaps(city.missing, facts, levels),
        levels=levels,
        divisions=tuple(place.code for place in local) + tuple(city.places.elsewhere.codes),
        communities=communities,
        villages=len(local) - communities,
        youngest_births=youngest,
        oldest_births=oldest,
    )


def _table(entry: Draw, facts: Sequence[Fact], levels: Mapping[str, tuple[Value, ...]]) -> Table:
    fact = next((fact for fact in facts if fact.name == entry.name), None)
    if fact is None and not entry.values:
        raise ValueError(f"{entry.name}: neither a fact of the vocabulary nor a helper with values")
    values = tuple(entry.values) if fact is None else fact.values or BOOLEAN
    return compile_table(entry.name, entry.chance, values, entry.given, levels)


def _gaps(
    missing: Sequence[Missing], facts: Sequence[Fact], levels: Mapping[str, tuple[Value, ...]]
) -> tuple[Gap, ...]:
    named = [name for entry in missing for name in entry.facts]
    strange = set(named) - {fact.name for fact in facts}
    if strange or len(set(named)) < len(named):
        raise ValueError(f"missing: a fact is unknown or named twice: {', '.join(sorted(strange or named))}")
    return tuple(
        Gap(tuple(entry.facts), compile_table(entry.facts[0], entry.chance, BOOLEAN, entry.given, levels))
        for entry in missing
    )


def _birth_ranges(city: City, as_of: dt.date) -> tuple[Days, Days]:
    """The latest and the earliest birth date of each age band."""
    ages = [tuple(int(age) for age in band.split("-")) for band in city.bands()]
    latest = [latest_birth_date(as_of, first) for first, _ in ages]
    before = [latest_birth_date(as_of, last + 1) for _, last in ages]
    if None in before:
        raise SynthError(f"nobody can be {ages[-1][1]} years old on {as_of}; choose a later day")
    return np.array(latest, "M8[D]"), np.array(before, "M8[D]") + 1
