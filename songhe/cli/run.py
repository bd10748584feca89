"""`songhe run`: a population decided over months."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from songhe.cli.console import err, fail, out
from songhe.cli.decide import warn_before_document
from songhe.cli.packages import load
from songhe.common.money import format_yuan
from songhe.decision.months import deciding_day, parse_months
from songhe.decision.population import RunError, RunRequest
from songhe.decision.population import run as run_population
from songhe.decision.snapshot import SnapshotError

_STAGES = {"check": "核对数据 check", "decide": "判定 decide", "summary": "汇总 summary"}


@click.command("run")
@click.option("--policy", "policy_id", required=True, help="Package to decide by.")
@click.option("--months", required=True, help="A month or a range: 2024-01..2026-12.")
@click.option(
    "--population",
    required=True,
    type=click.Path(path_type=Path),
    help="Parquet file with a column per fact.",
)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--as-table", is_flag=True, help="Print the summary as a table.")
@click.option("--by", "division_fact", type=click.Choice(["hukou", "residence"]), default="hukou", show_default=True)
@click.option(
    "--digits",
    type=click.Choice(["4", "6", "9", "12"]),
    default="6",
    show_default=True,
    help="6 county, 9 town, 12 village.",
)
@click.option("--threads", type=click.IntRange(1, 256), help="Threads to use; all cores by default.")
def run(
    policy_id: str,
    months: str,
    population: Path,
    output: Path,
    as_table: bool,
    division_fact: str,
    digits: str,
    threads: int | None,
) -> None:
    """Decide everybody in a population for every month and sum it up."""
    package = load(policy_id)
    try:
        chosen = parse_months(months)
    except ValueError as error:
        fail(f"--months: {error}")
    warn_before_document(package, deciding_day(chosen[0], package.month_decided_by))
    request = RunRequest(package, chosen, population, output, division_fact, int(digits), threads)
    try:
        with _progress() as bar:
            tasks = {stage: bar.add_task(text, total=1.0) for stage, text in _STAGES.items()}
            manifest = run_population(request, lambda stage, share: bar.update(tasks[stage], completed=share))
    except (RunError, SnapshotError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{output}: {error.strerror}")
    rows = manifest["rows"]
    err.print(
        f"✓ {output}: {rows['people']:,} 人 people × {rows['items']} 项 items × {rows['months']} 月 months",
        style="green",
    )
    if as_table:
        print_summary(output / "summary.parquet")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err)


def print_summary(path: Path) -> None:
    """The summary as an aligned table, one row per month, division and item."""
    from rich.table import Table

    table = Table(title="汇总 Summary")
    for name in ("月份 month", "区划 division", "项目 item", "名称 name"):
        table.add_column(name, no_wrap=True)
    for name in ("享受 entitled", "待定 undetermined", "确数 exact", "至少 at least"):
        table.add_column(name, justify="right", no_wrap=True)
    cursor = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    while rows := cursor.fetchmany(1000):
        for month, division, item, name, entitled, undetermined, kind, exact, floor in rows:
            money = (
                format_yuan(exact) if kind in ("exact", "mixed") else "—",
                format_yuan(floor) if kind in ("at_least", "mixed") else "—",
            )
            table.add_row(month, division or "未知 unknown", item, name, f"{entitled:,}", f"{undetermined:,}", *money)
    out.print(table)
