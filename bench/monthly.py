"""`python -m bench.monthly`: what a month takes, on both engines, as one table with its bars.

Run by `scripts/with-postgres`, which brings a server of its own. Each measurement is a fresh process, and a command of
its own: `bench.entitlement month`, `bench.entitlement late`, `bench.casework`, `bench.payment`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.machine import describe
from bench.process import ROOT
from bench.report import Bar, bar_lines

RESULT = Path(__file__).resolve().parent / "results" / "monthly.json"
PAYMENT = RESULT.with_name("payment.json")
# Times the engine alone, CPU seconds, seconds by the clock, seconds by the clock.
RUN, ARREARS, BATCH, APPROVALS = 3, 10, 60, 30


@dataclass(frozen=True)
class Size:
    people: int
    late: int
    deaths: int
    lines: int
    cases: int


FULL = Size(1_000_000, 1_000_000, 20_000, 100_000, 10_000)
SMALL = Size(50_000, 6_000, 2_000, 2_000, 1_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.monthly")
    parser.add_argument("--small", action="store_true", help="a quick look; the bars are for the full size")
    parser.add_argument("--late", type=int, help="how many people live where the late deaths arrive")
    arguments = parser.parse_args()
    url = os.environ.get("SONGHE_POSTGRES_URL")
    if not url:
        print("no PostgreSQL: scripts/with-postgres python -m bench.monthly")
        return 2
    size = SMALL if arguments.small else FULL
    size = Size(**{**vars(size), "late": arguments.late or size.late})
    result = {"machine": describe(), "size": vars(size), "measured": measure(url, size)}
    bars = [*_of_run(result["measured"]), *_of_late(result["measured"], size), *_of_rest(result["measured"], size)]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n" + ", ".join(f"{key} {value}" for key, value in result["machine"].items()))
    print(bar_lines(bars))
    return 0 if all(reached is not False for *_, reached in bars) else 1


def measure(url: str, size: Size) -> dict[str, Any]:
    """Everything once: the answer of each command, by a name of its own; None for one that failed."""
    start, found = time.perf_counter(), {}
    deaths = ["--people", str(size.late), "--deaths", str(size.deaths)]
    commands = {
        "month": ("", ["bench.entitlement", "month", "--people", str(size.people)]),
        "approvals sqlite": ("", ["bench.casework", "--cases", str(size.cases)]),
        "approvals postgresql": ("bench_cases", ["bench.casework", "--cases", str(size.cases)]),
        "batch postgresql": ("bench_batch", ["bench.payment", "--lines", str(size.lines)]),
        "late sqlite": ("", ["bench.entitlement", "late", *deaths]),
        "late postgresql": ("bench_late", ["bench.entitlement", "late", *deaths]),
    }
    for name, (database, command) in commands.items():
        found[name] = _answer(url, database, command)
        print(f"{time.perf_counter() - start:5.0f} s {name}: {json.dumps(found[name])}", flush=True)
    return found


def _answer(url: str, database: str, command: list[str]) -> dict[str, Any] | None:
    """What a command says in its last line, on an empty database of the server, or on a SQLite of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if database:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {database}")
            server.execute(f"CREATE DATABASE {database}")
        environment["DATABASE_URL"] = url.replace("/songhe?", f"/{database}?")
    PAYMENT.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if command[0] == "bench.payment" and PAYMENT.is_file():
        # It ends with an error above its bar, and has measured all the same.
        told: dict[str, Any] = json.loads(PAYMENT.read_text(encoding="utf-8"))
        return told
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return None
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _of_run(measured: dict[str, Any]) -> Iterator[Bar]:
    """Each stage holds the ones before it."""
    one, parts = measured["month"], ("decisions", "lines", "missing")
    titles = ("stored decisions", "with its lines", "with its missing facts, all of it")
    total = 0.0
    for part, title in zip(parts, titles, strict=True):
        total += one[f"{part}_cpu_s"] if one else 0.0
        ratio = total / one["engine_cpu_s"] if one else None
        people = f"{one['people']:,}" if one else ""
        yield _at_most(f"monthly run of {people}, snapshot to {title}, × the engine alone", ratio, RUN)


def _of_late(measured: dict[str, Any], size: Size) -> Iterator[Bar]:
    for engine in ("sqlite", "postgresql"):
        one = measured[f"late {engine}"]
        what = f"CPU s, arrears after {size.deaths:,} late deaths among {size.late:,}, {engine}"
        yield _at_most(what, one and one["arrears_cpu_s"], ARREARS)


def _of_rest(measured: dict[str, Any], size: Size) -> Iterator[Bar]:
    batch = measured["batch postgresql"]
    what = f"s, a batch of {size.lines:,}, made to reconciled, postgresql"
    yield _at_most(what, batch and batch["total_s"], BATCH)
    for engine in ("sqlite", "postgresql"):
        one = measured[f"approvals {engine}"]
        what = f"s, {size.cases:,} approvals in one go, {engine}"
        yield _at_most(what, one and one["wall_s"]["approve"], APPROVALS)


def _at_most(what: str, value: float | None, bar: float) -> Bar:
    return what, value, f"≤ {bar:g}", None if value is None else value <= bar


if __name__ == "__main__":
    sys.exit(main())
