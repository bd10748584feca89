"""`songhe compare --population …`: one city's people under other cities' rules."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table as RichTable

from songhe.cli.console import err, fail, out
from songhe.common.text import Text, say
from songhe.decision.crossing.cross import Crossing, Side, cross
from songhe.decision.crossing.flat import CROSS_HEADER, crossing_cells, crossing_json
from songhe.decision.months import Month, parse_months
from songhe.decision.population import RunError
from songhe.decision.snapshot import SnapshotError
from songhe.policy.compare.rows import Rows
from songhe.policy.package import Package
from songhe.synth.population import SynthError, synthesise

_STEPS = {"decide": "判定 deciding", "missing": "查缺什么 what is missing", "compare": "对照 comparing"}


@dataclass(frozen=True)
class People:
    """Whom to decide: a Parquet file, or a synthetic city."""

    population: Path | None
    synth: str | None
    number: int
    seed: int


def cross_packages(
    *, rows: Rows, packages: Sequence[Package], people: People, months: str | None, as_resident: bool
) -> Crossing:
    """Decides the people by all packages; the first is their home's. Ends the program with what was wrong."""
    if len(packages) < 2:
        fail("请写本市的政策包，再写别市的。 Name the package of the people's home first, and others after it.")
    home, others = packages[0], packages[1:]
    with _file(people) as population:
        try:
            return cross(
                rows=rows, home=home, others=others, population=population, months=_months(months),
                as_resident=as_resident, report=_report,
            )  # fmt: skip
        except (RunError, SnapshotError) as error:
            fail(str(error))


def _report(step: str, package: str) -> None:
    err.print(f"{package}: {_STEPS[step]}", style="dim", markup=False)


def _months(text: str | None) -> list[Month]:
    if text is None:
        fail("--months: 请写月份。 Write a month or a range such as 2024-01..2024-12.")
    try:
        return parse_months(text)
    except ValueError as error:
        fail(f"--months: {error}")


@contextmanager
def _file(people: People) -> Iterator[Path]:
    if people.population is not None and people.synth is not None:
        fail("--population and --synth: choose one of them")
    if people.population is not None:
        yield people.population / "population.parquet" if people.population.is_dir() else people.population
        return
    assert people.synth is not None
    with tempfile.TemporaryDirectory(prefix="songhe-synth-") as folder:
        path = Path(folder) / "population.parquet"
        try:
            synthesise(city=people.synth, seed=people.seed, people=people.number, output=path)
        except SynthError as error:
            fail(str(error))
        yield path


def as_text(crossing: Crossing) -> str:
    return json.dumps(crossing_json(crossing), ensure_ascii=False, indent=1) + "\n"


def as_cells(crossing: Crossing, language: str) -> tuple[list[str], Iterator[Sequence[Any]]]:
    header = [title.in_language(language) for title in CROSS_HEADER.values()]
    return header, crossing_cells(crossing, language)


def print_crossing(crossing: Crossing, language: str) -> None:
    """The first month of each other city beside home, and what the undetermined answers hang on."""
    for side in crossing.others:
        out.print(_gains(crossing, side, language))
        out.print(side.assumed.in_language(language), markup=False)
        out.print(_blocked(side, language))


_COLUMNS = (
    say("两边都享受", "both"),
    say("多享受的", "gained"),
    say("少享受的", "lost"),
    say("说不准", "unclear"),
    say("都不享受", "neither"),
)


def _gains(crossing: Crossing, side: Side, language: str) -> RichTable:
    names = [_name(one.package).in_language(language) for one in (crossing.home, side)]
    title = f"{names[0]} → {names[1]}　{crossing.months[0]}　{crossing.people:,} 人 people"
    table = RichTable(title=title)
    table.add_column("事项" if language == "zh" else "What", overflow="fold")
    for column in _COLUMNS:
        table.add_column(column.in_language(language), justify="right")
    pairs = {pair.row: pair for pair in side.pairs}
    for row in (row for row in side.rows if row.step == 0):
        name = escape(pairs[row.row].name.in_language(language))
        table.add_row(name, *(f"{n:,}" for n in (row.both, row.gained, row.lost, row.unclear, row.neither)))
    return table


def _blocked(side: Side, language: str) -> RichTable:
    title = say("待定的答案缺什么", "What undetermined answers hang on").in_language(language)
    table = RichTable(title=title)
    for label in (say("项目", "Item"), say("缺", "Lacks"), say("人数", "People")):
        table.add_column(label.in_language(language), overflow="fold")
    for one in sorted(side.blocked, key=lambda one: -one.people)[:20]:
        item = side.package.entitlements[one.item].name.in_language(language)
        table.add_row(escape(item), escape(one.label(side.package).in_language(language)), f"{one.people:,}")
    return table


def _name(package: Package) -> Text:
    city = package.city
    return say(f"{city.zh}（{package.id}）", f"{city.en} ({package.id})") if city else say(package.id, package.id)
