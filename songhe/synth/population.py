"""A synthetic city in a Parquet file: one row per person, no row a real person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from songhe.synth.city import load_city
from songhe.synth.errors import SynthError
from songhe.synth.identity import ResidentNumbers, ids, names
from songhe.synth.parquet import PeopleFile
from songhe.synth.people import People, draw_people
from songhe.synth.plan import Plan, make_plan
from songhe.synth.quotas import Counts, age_quotas, deal, death_quotas, strata

__all__ = ["MOST_PEOPLE", "SynthError", "synthesise"]

MOST_PEOPLE = 10_000_000
EARLIEST_DAY = dt.date(2000, 1, 1)
CHUNK = 100_000


@dataclass
class _Group:
    """The living or the recently dead, with how many of each stratum are still to be drawn."""

    alive: bool
    left: Counts


def synthesise(
    *,
    city: str,
    seed: int,
    people: int,
    output: Path,
    as_of: dt.date | None = None,
    progress: Callable[[int], None] | None = None,
    deaths: int = 0,
) -> None:
    """Write `people` living elders of a city, sorted by id, and after them `deaths` recently dead ones.

    At the published size every published count is exact; at any other size counts are in proportion. Ages are
    counted on `as_of`, by default the day of the city's census. `progress` is told after each chunk how many
    rows were just written. The same arguments give the same bytes, while numpy and pyarrow stay the same.

    Raises SynthError when the city is unknown, a number is out of range or the output has no folder. An
    existing file is replaced, once the new one is complete.
    """
    data = load_city(city)
    day = as_of or data.as_of
    _check(seed, people, deaths, output, day)
    plan = make_plan(data, day)
    groups = [_Group(True, strata(data, age_quotas(data, people)))]
    if deaths:
        groups.append(_Group(False, strata(data, death_quotas(data, deaths))))
    _write(plan, seed, groups, output, progress)


def _write(plan: Plan, seed: int, groups: list[_Group], output: Path, progress: Callable[[int], None] | None) -> None:
    numbers = ResidentNumbers(plan.city.resident_id, plan.oldest_births.min(), plan.youngest_births.max())
    written = 0
    with PeopleFile(plan, output) as file:
        for people, rng in _chunks(plan, seed, groups):
            male = people.codes["sex"] == plan.code("sex", "M")
            identity = {
                "id": ids(plan.city.id_prefix, written + 1, people.size),
                "name": names(male, rng),
                "resident_id": numbers.issue(people.days["birth_date"], male),
            }
            file.write(people, identity)
            written += people.size
            if progress:
                progress(people.size)


def _chunks(plan: Plan, seed: int, groups: list[_Group]) -> Iterator[tuple[People, np.random.Generator]]:
    for number, group in enumerate(groups):
        chunk = 0
        while left := int(group.left.sum()):
            # A stream of its own for every chunk, so that a change in one fact's drawing stays in its chunk.
            rng = np.random.default_rng([seed, number, chunk])
            counts = deal(group.left, min(CHUNK, left), rng)
            yield draw_people(plan, counts, group.alive, rng), rng
            chunk += 1


def _check(seed: int, people: int, deaths: int, output: Path, as_of: dt.date) -> None:
    if not 0 < people <= MOST_PEOPLE:
        raise SynthError(f"the number of people must be from 1 to {MOST_PEOPLE:,}, not {people:,}")
    most_deaths = MOST_PEOPLE - people
    if not 0 <= deaths <= most_deaths:
        raise SynthError(f"deaths must be from 0 to {most_deaths:,} beside {people:,} people, not {deaths:,}")
    if seed < 0:
        raise SynthError(f"the seed must be 0 or more, not {seed}")
    if as_of < EARLIEST_DAY:
        raise SynthError(f"the day must be {EARLIEST_DAY} or later, not {as_of}")
    if not output.parent.is_dir():
        raise SynthError(f"there is no folder {output.parent}; create it first")
    if output.is_dir():
        raise SynthError(f"{output} is a folder; name a file in it")
