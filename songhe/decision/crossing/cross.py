"""A population decided by its own city's rules and by others', on the same months."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songhe.common.text import Text
from songhe.decision.crossing.blocked import Blocked, blocked_answers
from songhe.decision.crossing.residents import assumption, is_moved, write_residents
from songhe.decision.crossing.rows import Pair, RowCount, count_rows, pairs_of
from songhe.decision.months import Month, deciding_day, show_month
from songhe.decision.population import MONTHS_PER_FILE, RunError, RunRequest
from songhe.decision.population import run as decide_population
from songhe.policy.compare.rows import Rows
from songhe.policy.package import Package

Report = Callable[[str, str], None]


@dataclass(frozen=True)
class ItemCount:
    """An item in a month; money is integer fen in the item's own unit and period, and is never paid from here."""

    item: str
    month: str
    entitled: int
    undetermined: int
    not_entitled: int
    amount: str
    exact_fen: int
    floor_fen: int


@dataclass(frozen=True)
class Side:
    """The population under one package; `assumed` says what was taken of where people live."""

    package: Package
    assumed: Text
    items: tuple[ItemCount, ...]
    blocked: tuple[Blocked, ...]
    pairs: tuple[Pair, ...] = ()
    rows: tuple[RowCount, ...] = ()


@dataclass(frozen=True)
class Crossing:
    """All sides, the home city's first; counts of rows compare each other side with it."""

    months: tuple[str, ...]
    people: int
    sides: tuple[Side, ...]

    @property
    def home(self) -> Side:
        return self.sides[0]

    @property
    def others(self) -> tuple[Side, ...]:
        return self.sides[1:]


def cross(
    *,
    rows: Rows,
    home: Package,
    others: Sequence[Package],
    population: Path,
    months: Sequence[Month],
    as_resident: bool = True,
    folder: Path | None = None,
    report: Report = lambda step, package: None,
) -> Crossing:
    """Decides a Parquet population by several packages and compares; files lie in `folder` while it works, then go.

    Raises RunError or songhe.decision.snapshot.SnapshotError.
    """
    if len(months) > MONTHS_PER_FILE:
        raise RunError(f"{len(months)} months; at most {MONTHS_PER_FILE} can be compared at once")
    with tempfile.TemporaryDirectory(prefix="songhe-crossing-", dir=folder) as name:
        work = _Work(Path(name), rows, home, population, months, as_resident, report)
        with closing(duckdb.connect(config={"memory_limit": "600MB", "temp_directory": name})) as engine:
            sides = [work.side(engine, package) for package in (home, *others)]
            ((people,),) = engine.execute("SELECT count(*) FROM read_parquet(?)", [str(population)]).fetchall()
    return Crossing(tuple(show_month(month) for month in months), people, tuple(sides))


@dataclass
class _Work:
    folder: Path
    rows: Rows
    home: Package
    population: Path
    months: Sequence[Month]
    as_resident: bool
    report: Report

    def side(self, engine: duckdb.DuckDBPyConnection, package: Package) -> Side:
        self.report("decide", package.id)
        population = self._population(engine, package)
        output = self.folder / package.id
        decide_population(RunRequest(package, self.months, population, output))
        self.report("missing", package.id)
        day = deciding_day(self.months[0], package.month_decided_by)
        blocked = blocked_answers(engine, package, population, output / "decisions.parquet", day)
        assumed = assumption(self.home, package, as_resident=self.as_resident)
        items = _items(engine, output)
        if package is self.home:
            return Side(package, assumed, items, tuple(blocked))
        self.report("compare", package.id)
        pairs = pairs_of(self.rows, self.home, package)
        at_home, there = (self.folder / one.id / "decisions.parquet" for one in (self.home, package))
        counts = count_rows(engine, pairs, at_home, there, len(self.months))
        return Side(package, assumed, items, tuple(blocked), tuple(pairs), tuple(counts))

    def _population(self, engine: duckdb.DuckDBPyConnection, package: Package) -> Path:
        if not self.as_resident or not is_moved(self.home, package):
            return self.population
        assert self.home.city is not None
        assert package.city is not None
        target = self.folder / f"{package.id}.parquet"
        write_residents(engine, self.population, target, self.home.city.division, package.city.division)
        return target


_SUMMED = """
WITH people AS (SELECT count(*) AS people FROM read_parquet('{decisions}'))
SELECT item, month, sum(entitled)::BIGINT, sum(undetermined)::BIGINT,
       any_value(people) - sum(entitled)::BIGINT - sum(undetermined)::BIGINT,
       any_value(amount_kind), sum(exact_fen)::BIGINT, sum(floor_fen)::BIGINT
FROM read_parquet('{summary}') CROSS JOIN people GROUP BY item, month ORDER BY month, item
"""


def _items(engine: duckdb.DuckDBPyConnection, output: Path) -> tuple[ItemCount, ...]:
    sql = _SUMMED.format(summary=output / "summary.parquet", decisions=output / "decisions.parquet")
    return tuple(ItemCount(*row) for row in engine.execute(sql).fetchall())
