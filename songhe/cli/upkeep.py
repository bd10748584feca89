"""`songhe upkeep`: what is to be done every night."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from songhe.cli.console import out
from songhe.cli.site import open_database

if TYPE_CHECKING:
    from songhe.upkeep.jobs import Job
    from songhe.upkeep.models import Work


@click.command()
@click.option("--anew", is_flag=True, help="Also what was done today already.")
def upkeep(anew: bool) -> None:
    """Do the day's upkeep 日常维护: for a timer at night; `songhe serve` does it by itself."""
    open_database()
    from songhe.upkeep.domain import run_due
    from songhe.upkeep.models import Work

    done = run_due(anew=anew, report=_tell)
    if not done:
        out.print("今天的维护已完成 The day's upkeep was done already")
    if any(work.state == Work.State.FAILED for work in done):
        sys.exit(1)


def _tell(job: Job, work: Work) -> None:
    good = work.state == "done"
    text = f"{'✓' if good else '✗'} {job.label.zh} {job.label.en} {work.note}"
    out.print(text.rstrip(), style="green" if good else "red", markup=False)
