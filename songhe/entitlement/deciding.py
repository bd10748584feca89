"""The decisions of a run: everybody for its own month, and the past months again for whom something arrived.

In a run's folder lies, for each month decided for everybody, the snapshot and a folder `202610` as `songhe run` writes
it; and `past.parquet`, masks over the past months (bit i: the i-th of them) with `months`, those in which the file lay
in the county, and `place`, the division it lay in. A person has a row for each stretch in which nothing changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songhe.decision.masks import mask_conditions, read_facts_of
from songhe.decision.population import RunRequest
from songhe.decision.population import run as decide_population
from songhe.entitlement.known import known_over_months, load_days
from songhe.entitlement.months import month_of
from songhe.entitlement.places import places_of
from songhe.entitlement.touched import concerned
from songhe.entitlement.worths import day_of
from songhe.policy.package import Package
from songhe.registry.groups import Groups
from songhe.registry.snapshot import write_snapshot
from songhe.rules.bits import MAX_DAYS, bits_sql

PAST = "past.parquet"
_BLOCK = 50_000


@dataclass(frozen=True)
class Fresh:
    """A month decided for everybody: the snapshot, and the folder of its decisions."""

    month: int
    snapshot: Path
    decisions: Path
    people: int

    @property
    def masks(self) -> Path:
        return self.decisions / "decisions.parquet"


@dataclass(frozen=True)
class Setting:
    """What a run decides: a county (id) under a package as known at a transaction."""

    county: int
    package: Package
    known_at: int
    groups: Groups
    folder: Path


def decide_month(setting: Setting, month: int) -> Fresh:
    """Raises songhe.registry.snapshot.SnapshotError when nobody's file lies in the county on the month's day."""
    day = day_of(setting.package, month)
    snapshot = write_snapshot(
        county=setting.county, valid_on=day, known_at=setting.known_at, folder=setting.folder, user=None
    )
    output = setting.folder / str(month)
    manifest = decide_population(RunRequest(setting.package, [month_of(month)], snapshot, output))
    return Fresh(month, snapshot, output, manifest["rows"]["people"])


def decide_past(
    setting: Setting, months: Sequence[int], among: Sequence[int] | None, engine: duckdb.DuckDBPyConnection
) -> list[int]:
    """Writes `past.parquet` and makes it the view `past`; whom it is about, ids of those who stand for themselves.

    `among` are to be decided again, everybody when it is None. At most 62 months.
    """
    if len(months) > MAX_DAYS:
        raise ValueError(f"{len(months)} months; at most {MAX_DAYS}")
    days = [day_of(setting.package, month) for month in months]
    places = places_of(setting.county, days)
    people = concerned(setting.county, places.inside, setting.groups, known_at=setting.known_at, among=among)
    load_days(engine, days, places)
    path, facts = setting.folder / PAST, read_facts_of(setting.package.rules_for("person"))
    # An empty block first: the file has its columns also when there is nobody.
    for start in range(0, len(people) + 1, _BLOCK):
        block = people[start : start + _BLOCK]
        known_over_months(engine, block, setting.groups, known_at=setting.known_at, facts=facts)
        making = "CREATE OR REPLACE TEMP TABLE again AS" if start == 0 else "INSERT INTO again"
        engine.execute(f"{making} {past_sql(setting.package, months)}")
    engine.execute(f"COPY (SELECT * FROM again ORDER BY id, months) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    engine.execute("DROP TABLE again")
    engine.execute(f"CREATE OR REPLACE TEMP VIEW past AS SELECT * FROM read_parquet('{path}')")
    return people


def past_sql(package: Package, months: Sequence[int]) -> str:
    """The masks of everybody in the table `known`."""
    return bits_sql(
        mask_conditions(package.rules_for("person")),
        days=[day_of(package, month) for month in months],
        figures=package.figures,
        population="known",
        carry=("id", "months", "place"),
    )
