"""The people of the demo: the synthetic city, when each file is opened, and what is planted in whom."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from songhe.common.calendar import latest_birth_date
from songhe.synth.population import synthesise

CITY, SEED, PUBLISHED = "qingtongxia", 1, 42_034
# About what dies of such a city in a year, kept beside the living.
_DEATHS_PER_PEOPLE = 30
ELDER = 60
# Days before today on which public security hands over its people: all of them once, then those who turned 60.
ENTRIES = (540, 450, 360, 270, 180, 90, 30, 4)


@dataclass
class Cast:
    """Columns of the synthetic people by fact, and `ids`, their files, filled in as these are opened.

    `entry[i]` is how many days ago the file was opened. Whatever is drawn comes from `rng`, so the same day gives the
    same city.
    """

    today: dt.date
    table: pa.Table
    columns: dict[str, list[Any]]
    entry: list[int]
    rng: Random
    ids: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.entry)

    def share(self, count: int) -> int:
        """So many in the city of the published size, at least one in a smaller one."""
        return max(1, count * len(self) // PUBLISHED)

    def known_by(self, days_ago: int) -> Iterator[int]:
        """Those whose file had been opened by then."""
        return (one for one, entry in enumerate(self.entry) if entry > days_ago)

    def alive_on(self, one: int, day: dt.date) -> bool:
        died = self.columns["death_date"][one]
        return died is None or died > day

    def draw(self, among: Sequence[int], count: int) -> list[int]:
        """That many of them at the published size, each once."""
        return self.rng.sample(among, min(self.share(count), len(among)))


def make_cast(people: int, today: dt.date, seed: int = SEED) -> Cast:
    """The synthetic city with `people` living, and those who died in the last year."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        deaths = max(1, people // _DEATHS_PER_PEOPLE)
        synthesise(city=CITY, seed=seed, people=people, deaths=deaths, output=path, as_of=today)
        table = pq.read_table(path)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    entry = _entries(columns["birth_date"], today)
    # Files have room for the whole cast, in its order.
    return Cast(today, table, columns, entry, Random(seed), array("q", bytes(8 * len(entry))))


def _entries(births: Sequence[dt.date], today: dt.date) -> list[int]:
    latest = [(ago, latest_birth_date(today - dt.timedelta(ago), ELDER) or dt.date.min) for ago in ENTRIES]
    return [next((ago for ago, last in latest if born <= last), ENTRIES[-1]) for born in births]
