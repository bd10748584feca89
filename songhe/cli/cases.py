"""`songhe cases`: cases in bulk from the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from songhe.cli.console import fail, out
from songhe.cli.packages import load
from songhe.cli.site import acting, open_database

_SHOWN = 50


@click.group()
def cases() -> None:
    """Cases 办件: what people had before the platform."""


@cases.command("take-over")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--package", "package_id", required=True, help="Package of the items.")
@click.option("--stated-by", required=True, help="User who states the list.")
@click.option("--confirmed-by", required=True, help="Another user, who confirms it.")
@click.option("--write", is_flag=True, help="Write the cases; without it the list is only tried.")
def take_over(file: Path, package_id: str, stated_by: str, confirmed_by: str, write: bool) -> None:
    """Take over what people were granted before the platform 存量对象转入.

    FILE is a CSV in UTF-8 with the columns id_number (or public_id), item, granted_on (2025-03-01) and document. All
    of it is written or nothing: rows with something wrong are told by their line, and the command ends with 1.
    """
    open_database()
    from songhe.casework.domain.taking_over import take_over as take
    from songhe.casework.domain.taking_over_file import read_list
    from songhe.casework.errors import CaseError

    load(package_id)
    one, other = acting(stated_by), acting(confirmed_by)
    assert one is not None and other is not None
    try:
        rows = read_list(file)
        read = [row for row in rows if row.stated is not None]
        faults = [(row.line, row.fault) for row in rows if row.fault is not None]
        stated = [row.stated for row in read if row.stated is not None]
        done = take(stated_by=one, confirmed_by=other, package=package_id, rows=stated, trial=not write or bool(faults))
    except CaseError as error:
        fail(str(error))
    faults += [(read[fault.row].line, fault.why) for fault in done.faults]
    for line, why in sorted(faults, key=lambda one: one[0])[:_SHOWN]:
        out.print(f"✗ 第 {line} 行 line {line}：{why.zh} {why.en}", style="red", markup=False)
    if faults:
        fail(f"{len(faults)} 行有误，什么都没有写入。 {len(faults)} rows are wrong; nothing was written.", code=1)
    what = "已转入 taken over" if write else "试算，可转入 a trial, would be taken over"
    out.print(f"{what}：{done.made}；原已批准 granted here before：{done.there}", markup=False)
