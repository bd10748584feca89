"""`songhe import`: a department's file; `songhe worker`: imports that pages have queued."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from songhe.cli.console import err, fail, out
from songhe.cli.site import acting, open_database, open_site, wait_until_ready, why_not_ready
from songhe.common.calendar import parse_date


@click.command("import")
@click.option("--source", required=True, help="Who sends it, such as police or civil_affairs.")
@click.option("--file", "path", required=True, type=click.Path(path_type=Path), help="CSV, XLSX or JSON Lines.")
@click.option("--user", "username", required=True, help="For whom it is done; their scope holds.")
@click.option("--division", help="Code of the division it belongs to; the user's own without it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--errors", type=click.Path(path_type=Path), help="Where to write the rows that were set aside.")
@click.option("--rows", type=click.IntRange(0), help="How many rows the sender says there are.")
@click.option("--sheet", default="", help="Sheet of an XLSX; the first without it.")
@click.option("--codes-on", help="Day whose division codes the file uses, such as 2020-12-31.")
def import_(
    source: str,
    path: Path,
    username: str,
    division: str | None,
    dry_run: bool,
    errors: Path | None,
    rows: int | None,
    sheet: str,
    codes_on: str | None,
) -> None:
    """Import a department's file 导入部门数据.

    Ends with 0 when every row was taken, 1 when rows were set aside, 2 when the file or the request was refused.
    """
    try:
        day = parse_date(codes_on) if codes_on else None
    except ValueError as error:
        fail(f"--codes-on: {error}")
    open_database()
    upload = _receive(source, path, username, division, announced_rows=rows, sheet=sheet, codes_on=day)
    report = _work(upload, dry_run)
    _print(report, dry_run)
    if errors is not None and report.set_aside:
        _write_errors(upload, errors)
    _forget(upload)
    sys.exit(2 if report.refused else 1 if report.set_aside else 0)


@click.command()
@click.option("--until-empty", is_flag=True, help="End when nothing is left in the queue.")
def worker(until_empty: bool) -> None:
    """Run queued imports 处理排队的导入; a database that is not ready yet is waited for, unless it is --until-empty."""
    if until_empty:
        open_database()
    else:
        open_site()
        if reason := why_not_ready():
            err.print(reason, style="yellow", markup=False)
            wait_until_ready()
    from songhe.intake.jobs import work

    try:
        work(until_empty=until_empty)
    except KeyboardInterrupt:
        sys.exit(130)


def _receive(source: str, path: Path, username: str, division: str | None, **more: Any) -> Any:
    from songhe.accounts.scope import OutOfScope
    from songhe.divisions.queries import resolve
    from songhe.intake.domain.receiving import receive, unfinished_like
    from songhe.intake.problems import FileRefused
    from songhe.registry.sources.mapping import UnknownSource

    user = acting(username)
    division_id = resolve(division) if division else None
    if division and division_id is None:
        fail(f"--division: 没有区划 {division} There is no such division.")
    try:
        with path.open("rb") as content:
            upload = receive(
                user=user, source=source, content=content, file_name=path.name, division_id=division_id, **more
            )
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except (FileRefused, UnknownSource, OutOfScope) as refused:
        fail(str(refused))
    if (broken_off := unfinished_like(upload)) is None:
        return upload
    err.print(f"继续上次中断的导入 Going on after row {broken_off.rows_done:,}", markup=False)
    _forget(upload)
    return broken_off


def _work(upload: Any, dry_run: bool) -> Any:
    from songhe.intake.domain.running import Busy, preview, run

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=err) as bar:
            job = bar.add_task("试导入 try" if dry_run else "导入 import", total=None)
            return (preview if dry_run else run)(
                user=upload.user,
                upload=upload,
                progress=lambda done, total: bar.update(job, completed=done, total=total),
            )
    except Busy as busy:
        fail(str(busy))


def _print(report: Any, dry_run: bool) -> None:
    if report.refused:
        err.print(f"文件被拒收，什么也没有写入：{report.refused.zh}", style="red", markup=False)
        err.print(f"The file was refused and nothing written: {report.refused.en}", style="red", markup=False)
        return
    verb = "将会 would be" if dry_run else "已 done"
    for text, number in (
        ("新建 new", report.new),
        ("变更 changed", report.changed),
        ("无变化 unchanged", report.unchanged),
        ("未导入 set aside", report.set_aside),
    ):
        out.print(f"{verb}  {text}: {number:,}", markup=False)
    if report.nothing_changes:
        out.print("没有任何变化 Nothing changes.", markup=False)
    if report.same_as:
        out.print(f"与已完成的导入 {report.same_as} 是同一文件 The very same file was imported before.", markup=False)
    for title in report.unknown_columns:
        err.print(f"不认识的列，未读取 column not understood: {title}", style="yellow", markup=False)
    for wrong in report.first_errors:
        err.print(f"{wrong.line}: {wrong.column} {wrong.what.zh} {wrong.what.en}", style="yellow", markup=False)


def _write_errors(upload: Any, target: Path) -> None:
    from songhe.intake.domain.returning import error_file

    returned = error_file(user=upload.user, upload=upload)
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.writelines(returned.content)
    except OSError as error:
        fail(f"{target}: {error.strerror}")
    err.print(f"未导入的行 rows set aside: {target}", markup=False)


def _forget(upload: Any) -> None:
    """The operator has the file; no second copy stays here."""
    from songhe.intake.domain.receiving import withdraw

    withdraw(user=upload.user, upload=upload)
