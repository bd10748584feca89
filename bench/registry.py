"""`python -m bench.registry`: import, snapshot and the register's page on PostgreSQL, at the size of a large city.

Run by `scripts/with-postgres`, which brings a server of its own. Each measurement is a fresh process of
`bench.registry_jobs`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

from bench.machine import describe
from bench.process import CACHE, registry_job

IMPORTED, PAGES = 1_000_000, (300_000, 2_000_000)
SMALL = (20_000, (20_000, 60_000))
RESULT = Path(__file__).resolve().parent / "results" / "registry.json"
PEOPLE_PER_SECOND, GROWTH, SNAPSHOT_CPU, RATIO, SLOWER = 5_000, 1.2, 60, 8, 1.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.registry")
    parser.add_argument("--small", action="store_true", help="a quick look; the bars are for the full size")
    parser.add_argument("--people", type=int, help="how many to import and take a snapshot of")
    parser.add_argument("--pages", type=int, nargs=2, help="two sizes of the register's page")
    arguments = parser.parse_args()
    url = os.environ.get("SONGHE_POSTGRES_URL")
    if not url:
        print("no PostgreSQL: scripts/with-postgres python -m bench.registry")
        return 2
    people, pages = SMALL if arguments.small else (IMPORTED, PAGES)
    result = measure(url, arguments.people or people, tuple(arguments.pages or pages))
    lines = bars(result)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n" + ", ".join(f"{key} {value}" for key, value in result["machine"].items()))
    print("\n".join(["| what | measured | bar | |", "| --- | ---: | --- | --- |", *lines]))
    return 0


def measure(url: str, people: int, pages: tuple[int, ...]) -> dict[str, Any]:
    """Everything once; the sizes of the register's page grow in one database."""
    CACHE.mkdir(exist_ok=True)
    start, result = time.perf_counter(), {"machine": describe(), "people": people, "pages": {}}

    def job(database: str, name: str, count: int) -> dict[str, Any]:
        answer = registry_job(name, url.replace("/songhe?", f"/{database}?"), CACHE, people=count)
        print(f"{time.perf_counter() - start:5.0f} s {name} {count:,}: {json.dumps(answer)}", flush=True)
        return answer

    with psycopg.connect(url, autocommit=True) as connection:
        for database in ("bench_import", "bench_page"):
            connection.execute(f"DROP DATABASE IF EXISTS {database}")
            connection.execute(f"CREATE DATABASE {database}")
    result["import"] = job("bench_import", "record", people)
    result["snapshot"] = job("bench_import", "snapshot", people)
    for size in sorted(pages):
        job("bench_page", "fill", size)
        result["pages"][size] = job("bench_page", "page", size)
    return result


def bars(result: Mapping[str, Any]) -> list[str]:
    """Lines of the table: what, measured, bar, reached or missed."""
    imported, snapshot, people = result["import"], result["snapshot"], f"{result['people']:,}"
    (small, before), (large, after) = sorted(result["pages"].items())
    per_second = result["people"] / imported["wall_s"]
    growth = imported["peak_mib"] / imported["early_mib"]
    return [
        _bar(f"import, people of 8 facts a second, {people}", per_second, "≥", PEOPLE_PER_SECOND),
        _bar(f"import, peak MiB at the end / after a tenth ({imported['peak_mib']:.0f} MiB)", growth, "≤", GROWTH),
        _bar(f"snapshot, CPU s, {people} ({snapshot['peak_mib']:.0f} MiB)", snapshot["cpu_s"], "≤", SNAPSHOT_CPU),
        *_pages(result["pages"]),
        _bar(
            f"ratio at {large:,} / ratio at {small:,}",
            after["page_ms"] / after["bare_ms"] / (before["page_ms"] / before["bare_ms"]),
            "≤",
            SLOWER,
        ),
    ]


def _pages(pages: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    for size, one in sorted(pages.items()):
        what = f"register page ({one['page_ms']:.1f} ms), {size:,} people"
        yield _bar(f"{what} / hello behind the same sign-in", one["page_ms"] / one["bare_ms"], "≤", RATIO)
        plain = one["page_ms"] / one["plain_ms"]
        yield f"| {what} / hello without sign-in, session and database | {plain:,.0f} | none | – |"


def _bar(what: str, measured: float, sign: str, bar: float) -> str:
    good = measured >= bar if sign == "≥" else measured <= bar
    return f"| {what} | {measured:,.2f} | {sign} {bar:,} | {'reached' if good else '**missed**'} |"


if __name__ == "__main__":
    sys.exit(main())
