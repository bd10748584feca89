"""`songhe report`: a division's month or year as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from songhe.cli.console import fail, out
from songhe.cli.site import acting, open_database

if TYPE_CHECKING:
    from songhe.accounts.models import User
    from songhe.reports.period import Period

_FORMATS = ("docx", "xlsx", "csv")


@click.command()
@click.option("--division", "code", required=True, help="Code of the division, such as 640381.")
@click.option("--month", help="The month, such as 2024-05.")
@click.option("--year", help="The year, such as 2024.")
@click.option("--output", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option("--format", "formats", default="docx,xlsx,csv", show_default=True, help="docx, xlsx and csv, by commas.")
@click.option("--published", is_flag=True, help="What is public of it, instead of the report as made now.")
@click.option("--user", "username", help="Who makes the report; not needed with --published.")
def report(
    code: str, month: str | None, year: str | None, folder: Path, formats: str, published: bool, username: str | None
) -> None:
    """Write the report of a division for a month or a year 统计报告.

    csv gives a file for each table that may be published, small numbers withheld, and a dictionary of all columns.
    """
    wanted = _formats(formats)
    if (month is None) == (year is None):
        fail("请给出 --month 或 --year 之一： Give either --month or --year.")
    open_database()
    from songhe.accounts.scope import OutOfScope
    from songhe.reports.errors import ReportError
    from songhe.reports.period import read_period

    try:
        period = read_period(str(month or year))
        files = _published(code, period, wanted) if published else _made(code, period, wanted, acting(username))
    except (ReportError, OutOfScope) as error:
        fail(str(error))
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        out.print(str(folder / name), markup=False, soft_wrap=True)


def _formats(text: str) -> list[str]:
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if unknown := [one for one in wanted if one not in _FORMATS] or ([] if wanted else [text]):
        fail(f"--format: 不认识 {'、'.join(unknown)}，可用 docx、xlsx、csv。 Use docx, xlsx and csv.")
    return wanted


def _made(code: str, period: Period, formats: list[str], user: User | None) -> dict[str, bytes]:
    from songhe.divisions.queries import resolve
    from songhe.reports.documents.files import file_name, publication_files, report_file
    from songhe.reports.domain.making import make_report
    from songhe.reports.domain.publishing import draft
    from songhe.reports.models import Publication

    if user is None:
        fail("请用 --user 说明由谁编制： Say with --user who makes the report.")
    if (division := resolve(code)) is None:
        fail(f"没有区划 {code}： There is no division {code}.")
    made = make_report(by=user, division=division, period=period)
    files = {file_name(made, kind): report_file(made, kind) for kind in formats if kind != "csv"}
    if "csv" in formats:
        content = draft(made).release.model_dump(mode="json")
        files |= publication_files(Publication(report=made, content=content))
    return files


def _published(code: str, period: Period, formats: list[str]) -> dict[str, bytes]:
    from songhe.reports.documents.files import publication_file, publication_files
    from songhe.reports.queries import public

    standing = public().filter(report__kind=period.kind, report__number=period.number, ended_by=None)
    one = next((one for one in standing if one.content["division"] == code), None)
    if one is None:
        fail(f"{code} {period.written} 没有现行的发布： Nothing is public of it.")
    files = {f"report.{kind}": publication_file(one, f"report.{kind}") for kind in formats if kind != "csv"}
    return files | (publication_files(one) if "csv" in formats else {})
