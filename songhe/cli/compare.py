"""`songhe compare`: packages side by side, each cell with its clause."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table as RichTable

from songhe.cli.compare_people import People, as_cells, as_text, cross_packages, print_crossing
from songhe.cli.console import err, fail, out
from songhe.cli.jsonlines import written_whole
from songhe.cli.packages import load
from songhe.common import clock
from songhe.common.calendar import parse_date
from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.decision.crossing.cross import Crossing
from songhe.policy.compare.flat import HEADER, as_json, cells_of
from songhe.policy.compare.rows import Rows, load_rows
from songhe.policy.compare.said import Said
from songhe.policy.compare.table import KINDS, STATES, Cell, Table, TableLine, compare_packages
from songhe.policy.errors import PackageError
from songhe.policy.folders import package_ids
from songhe.policy.package import Package

FORMATS = ("table", "json", "csv", "xlsx")


_MARKS = {
    "zh": "≈ 有没有写清的地方　≠ 文件前后不一（用 --format json 看各读法）　= 本平台折算，文件没有写",
    "en": "≈ something is left open  ≠ the document contradicts itself (see --format json)  = converted by us",
}


def _day(context: click.Context, parameter: click.Parameter, text: str | None) -> dt.date:
    try:
        return clock.today() if text is None else parse_date(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICY]...")
@click.option("--capability", help="Only what is of this capability, such as home-adaptation.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="Only this kind; may be repeated.")
@click.option("--as-of", "day", callback=_day, help="The day figures are read on, like 2024-05-01; else today.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; needed for xlsx.")
@click.option(
    "--population", type=click.Path(path_type=Path), help="Parquet file of people at home under the first POLICY."
)
@click.option("--synth", help="A synthetic city in place of a file, such as qingtongxia.")
@click.option("--people", type=int, default=10_000, show_default=True, help="How many people of --synth.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of --synth.")
@click.option("--months", help="The months decided: 2024-01 or 2024-01..2024-12.")
@click.option(
    "--as-resident/--as-they-are",
    default=True,
    show_default=True,
    help="Take whoever is at home in the first city as at home in the other, or leave places as they are.",
)
def compare(
    policies: tuple[str, ...],
    capability: str | None,
    kinds: tuple[str, ...],
    day: dt.date,
    form: str,
    language: str,
    output: Path | None,
    population: Path | None,
    synth: str | None,
    people: int,
    seed: int,
    months: str | None,
    as_resident: bool,
) -> None:
    """Show packages side by side (all documents by default): items, thresholds, amounts, standards, targets, tasks.

    With --population or --synth: decide the people by the first POLICY, their home's, and by the others, and say for
    each thing who gains, who loses, and what the answers lack. Counts only; nothing is paid from them.
    """
    check_output(form, output)
    rows = read_rows()
    if population is not None or synth is not None:
        whom = People(population, synth, people, seed)
        packages = chosen(policies) if policies else []
        crossed = cross_packages(
            rows=rows,
            packages=chosen(policies) if policies else [],
            people=whom,
            months=months,
            as_resident=as_resident,
        )
        _write_crossing(crossed, form, language, output)
        return
    if capability is not None and capability not in rows.capabilities:
        fail(f"--capability: 没有 {capability}。 There is no such capability; there are {', '.join(rows.capabilities)}")
    packages = chosen(policies)
    table = compare_packages(rows, packages, day, kinds=kinds, capability=capability)
    if not table.lines:
        err.print("没有符合条件的内容。 Nothing fits; leave out --kind or --capability.", style="yellow")
    _write(table, form, language, output)


def _write_crossing(crossed: Crossing, form: str, language: str, output: Path | None) -> None:
    if form == "table":
        print_crossing(crossed, language)
    elif form == "json":
        write_text(as_text(crossed), output)
    else:
        header, cells = as_cells(crossed, language)
        write_rows(form, header, cells, output)


def check_output(form: str, output: Path | None) -> None:
    if form == "table" and output is not None:
        fail("--output: the table is for the screen; choose --format json, csv or xlsx")
    if form == "xlsx" and output is None:
        fail("--format xlsx: name the file with --output")
    if output is not None and not output.parent.is_dir():
        fail(f"--output: the folder {output.parent} does not exist")


def read_rows() -> Rows:
    try:
        return load_rows()
    except PackageError as error:
        fail(str(error))


def chosen(names: Sequence[str]) -> list[Package]:
    """The packages named, each once; all documents when none is."""
    if names:
        return [load(name) for name in dict.fromkeys(names)]
    packages = [load(name) for name in package_ids()]
    return [package for package in packages if package.document.status == "document"]


def _write(table: Table, form: str, language: str, output: Path | None) -> None:
    if form == "table":
        _print(table, language)
    elif form == "json":
        write_text(json.dumps(as_json(table), ensure_ascii=False, indent=1) + "\n", output)
    else:
        header = [title.in_language(language) for title in HEADER.values()]
        write_rows(form, header, cells_of(table, language), output)


def write_text(text: str, output: Path | None) -> None:
    try:
        with written_whole(output) as stream:
            stream.write(text)
    except OSError as error:
        fail(f"{output or 'standard output'}: {error.strerror}; nothing was written")


def write_rows(form: str, header: Sequence[str], rows: Iterator[Sequence[object]], output: Path | None) -> None:
    """A CSV to the screen or a file, or an XLSX file."""
    try:
        if form == "xlsx":
            assert output is not None
            write_xlsx(output, header, rows)
            return
        with written_whole(output) as stream:
            for piece in write_csv(rows, header, encoding="utf-8-sig" if output else "utf-8"):
                stream.write(piece.decode("utf-8"))
    except OSError as error:
        fail(f"{output or 'standard output'}: {error.strerror}; nothing was written")


def _print(table: Table, language: str) -> None:
    """One table for each kind, a column for each package."""
    for kind, title in KINDS.items():
        lines = [line for line in table.lines if line.kind == kind]
        if lines:
            out.print(_of_kind(table, title.in_language(language), lines, language))
    out.print(_MARKS[language], markup=False)


def _of_kind(table: Table, title: str, lines: Sequence[TableLine], language: str) -> RichTable:
    shown = RichTable(title=title, show_lines=True)
    shown.add_column("事项" if language == "zh" else "What", overflow="fold")
    for package in table.packages:
        name = package.city.in_language(language) if package.city else package.id
        shown.add_column(f"{name}\n{package.id}", overflow="fold")
    for line in lines:
        capability = table.name_of(line.capability).in_language(language)
        cells = [_cell(cell, language) for cell in line.cells]
        shown.add_row(*(escape(text) for text in (f"{line.name.in_language(language)}\n({capability})", *cells)))
    return shown


def _cell(cell: Cell, language: str) -> str:
    if cell.said:
        return "\n".join(_said(said, language) for said in cell.said)
    mentions = " ".join(clause.id for clause in cell.mentions)
    return f"（{STATES[cell.state].in_language(language)}{' ' + mentions if mentions else ''}）"


def _said(said: Said, language: str) -> str:
    clauses = " ".join(clause.id for clause in said.clauses[:3])
    marks = ("≈" if said.open else "") + ("≠" if said.conflicts else "")
    ours = f"\n= {said.ours.in_language(language)}" if said.ours else ""
    return f"{said.value.in_language(language)}{marks}{ours}\n({clauses})"
