"""`songhe synth`: a synthetic city."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from songhe.cli.console import err, fail
from songhe.common.calendar import parse_date
from songhe.synth.population import SynthError, synthesise


@click.command()
@click.option("--city", required=True, help="The city to imitate, such as qingtongxia.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same file.")
@click.option("--people", type=int, required=True, help="How many living people, up to 10 million.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet file to write.")
@click.option("--as-of", help="The day the ages are of; the city's census day by default.")
@click.option("--deaths", type=int, default=0, show_default=True, help="People who have died, beside the living.")
def synth(city: str, seed: int, people: int, output: Path, as_of: str | None, deaths: int) -> None:
    """Write a synthetic city: the document's counts, no real person."""
    columns = (TextColumn("合成人口 people"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        day: dt.date | None = parse_date(as_of) if as_of else None
        with Progress(*columns, console=err) as bar:
            task = bar.add_task("", total=people + deaths)
            synthesise(
                city=city, seed=seed, people=people, output=output, as_of=day, deaths=deaths,
                progress=lambda rows: bar.advance(task, rows),
            )  # fmt: skip
    except SynthError as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--as-of: {error}")
    except OSError as error:
        fail(f"{output}: {error.strerror}")
    err.print(f"✓ {output}: {people:,} 人 people", style="green")
