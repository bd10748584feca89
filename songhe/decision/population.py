"""A run: a population decided over months, written whole or not at all.

A run's folder holds `decisions*.parquet` (masks, one row per person), `summary.parquet` and `manifest.json`. The same
package, population and months give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from songhe import __version__
from songhe.decision.masks import mask_conditions, read_facts_of
from songhe.decision.months import Month, deciding_day, show_month
from songhe.decision.snapshot import Snapshot, open_snapshot
from songhe.decision.summary import summarise
from songhe.policy.package import Package
from songhe.rules.bits import bits_sql

MONTHS_PER_FILE = 60
MEMORY_LIMIT = "400MB"
Progress = Callable[[str, float], None]


class RunError(ValueError):
    """A run that cannot begin."""


@dataclass(frozen=True)
class RunRequest:
    """What to decide: division is a fact cut to `digits` digits, by which the summary counts."""

    package: Package
    months: Sequence[Month]
    population: Path
    output: Path
    division_fact: str = "hukou"
    digits: int = 6
    threads: int | None = None


def run(request: RunRequest, progress: Progress | None = None) -> dict[str, Any]:
    """Decides and writes; returns the manifest. Raises RunError or SnapshotError before anything is written."""
    report = progress or (lambda stage, share: None)
    _check_output(request.output)
    _clear_leftovers(request.output)
    working = request.output.with_name(f"{request.output.name}.partial-{os.getpid()}")
    working.mkdir(parents=True)
    try:
        with _connect(request, working) as connection:
            manifest = _decide(request, working, connection, report)
        _replace(working, request.output)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return manifest


def _check_output(output: Path) -> None:
    is_run = (output / "manifest.json").is_file()
    is_empty_folder = output.is_dir() and not any(output.iterdir())
    if output.exists() and not is_run and not is_empty_folder:
        raise RunError(f"{output} exists and is not a run; choose another folder")
    if not output.parent.is_dir():
        raise RunError(f"the folder {output.parent} does not exist")


def _clear_leftovers(output: Path) -> None:
    """What a killed run of a process that is gone left beside the output."""
    for path in output.parent.glob(f"{output.name}.partial-*"):
        process = path.name.rpartition("-")[2]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(path, ignore_errors=True)


def _connect(request: RunRequest, working: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, Any] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(working / "spill"),
    }
    if request.threads:
        settings["threads"] = request.threads
    connection = duckdb.connect(config=settings)
    # Progress is only measured where it is enabled; printing it is ours to do.
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def _decide(
    request: RunRequest, working: Path, connection: duckdb.DuckDBPyConnection, report: Progress
) -> dict[str, Any]:
    package = request.package
    rules = package.rules_for("person")
    if not rules:
        raise RunError(f"{package.id} has no entitlements of persons")
    facts = list(dict.fromkeys([*read_facts_of(rules), request.division_fact]))
    report("check", 0.0)
    snapshot = open_snapshot(request.population, package.vocabularies["person"], facts, connection)
    report("check", 1.0)
    parts, files = [], []
    blocks = [request.months[i : i + MONTHS_PER_FILE] for i in range(0, len(request.months), MONTHS_PER_FILE)]
    for number, block in enumerate(blocks):
        name = "decisions.parquet" if len(blocks) == 1 else f"decisions-{show_month(block[0])}.parquet"
        share = (number / len(blocks), 1 / len(blocks))
        _decide_block(request, snapshot, block, working / name, connection, report, share)
        parts.append(_summarise_block(request, block, working / name, connection, number))
        files.append({"file": name, "months": [show_month(month) for month in block]})
    report("summary", 0.5)
    summary = " UNION ALL ".join(f"SELECT * FROM {part}" for part in parts)
    connection.execute(f"COPY ({summary}) TO '{working / 'summary.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
    report("summary", 1.0)
    manifest = _manifest(request, snapshot, files)
    (working / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(working / "spill", ignore_errors=True)
    return manifest


def _decide_block(
    request: RunRequest,
    snapshot: Snapshot,
    months: Sequence[Month],
    target: Path,
    connection: duckdb.DuckDBPyConnection,
    report: Progress,
    share: tuple[float, float],
) -> None:
    package = request.package
    statement = bits_sql(
        mask_conditions(package.rules_for("person")),
        days=_days(package, months),
        figures=package.figures,
        population=snapshot.source,
        known=snapshot.known,
        carry=("id", f"left({request.division_fact}, {request.digits}) AS division"),
    )
    copy = f"COPY ({statement}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"
    _watched(connection, copy, lambda done: report("decide", share[0] + done * share[1]))
    report("decide", sum(share))


def _summarise_block(
    request: RunRequest,
    months: Sequence[Month],
    decisions: Path,
    connection: duckdb.DuckDBPyConnection,
    number: int,
) -> str:
    summarise(
        decisions=f"read_parquet('{decisions}')",
        rules=request.package.rules_for("person"),
        package=request.package,
        months=months,
        days=_days(request.package, months),
        connection=connection,
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE summary_{number} AS SELECT * FROM summary")
    return f"summary_{number}"


def _days(package: Package, months: Sequence[Month]) -> list[Any]:
    return [deciding_day(month, package.month_decided_by) for month in months]


def _watched(connection: duckdb.DuckDBPyConnection, statement: str, report: Callable[[float], None]) -> None:
    """Runs a statement in a thread of its own while its progress is reported."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            connection.execute(statement)
        except BaseException as error:  # handed to the caller below
            failure.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.2)
            done = connection.query_progress()
            if worker.is_alive() and done >= 0:
                report(min(done / 100, 1.0))
    except KeyboardInterrupt:
        connection.interrupt()
        worker.join()
        raise
    if failure:
        raise failure[0]


def _manifest(request: RunRequest, snapshot: Snapshot, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What was decided, from what, by what; without times, so that the same run gives the same bytes."""
    package = request.package
    return {
        "policy": package.id,
        "package_hash": package.hash,
        "layers": list(package.layers),
        "months": [show_month(request.months[0]), show_month(request.months[-1])],
        "month_decided_by": package.month_decided_by,
        "conventions": [id for id, convention in package.conventions.items() if convention.matters == "month"],
        "population": {"file": snapshot.path.name, "sha256": _sha256(snapshot.path), "rows": snapshot.rows},
        "rows": {
            "people": snapshot.rows,
            "items": len(package.rules_for("person")),
            "months": len(request.months),
        },
        "division": {"fact": request.division_fact, "digits": request.digits},
        "decisions": files,
        "columns": "item: months entitled · item?: months undetermined · item#variant · item~tier; bit i is month i",
        "engine": {"songhe": __version__, "duckdb": duckdb.__version__, "form": "bits"},
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _replace(working: Path, output: Path) -> None:
    """Puts the finished folder in place; an earlier run is moved aside first, so that no moment shows half of one."""
    if not output.exists():
        working.rename(output)
        return
    aside = output.with_name(f"{output.name}.partial-{os.getpid()}-old")
    output.rename(aside)
    working.rename(output)
    shutil.rmtree(aside)
