"""Everything a city owes one person on one day, decided in Python with reasons, for a sample of people."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import duckdb

from songhe.decision.person import make_decider
from songhe.policy.errors import PackageError
from songhe.policy.load import load_package

CITIES = ("suizhou-2023", "xinxiang-2022", "xianyang-2019", "dongying-2024", "qingtongxia-2023")
DAY = dt.date(2025, 6, 30)
SAMPLE, ROUNDS = 2000, 5


def cities(population: Path) -> dict[str, Any]:
    """Per city its items and the mean CPU milliseconds of one person, all items; the best of some rounds."""
    people = _sample(population)
    return {city: _one(city, people) for city in CITIES}


def _one(city: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    try:
        package = load_package(city)
    except PackageError as error:
        return {"refused": str(error).splitlines()[0]}
    decider = make_decider(package, DAY)
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for facts in people:
            decider.decide(facts)
        best = min(best, time.process_time() - start)
    return {"items": len(decider.rules), "ms": best / len(people) * 1000}


def _sample(population: Path) -> list[dict[str, Any]]:
    cursor = duckdb.connect().execute(
        "SELECT * EXCLUDE (id, name, resident_id) FROM read_parquet(?) "
        f"USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (1)",
        [str(population)],
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
