"""`songhe tasks`: how every task of a document stands on a day, as JSON Lines or as a table."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from songhe.cli.console import err, fail
from songhe.cli.decide import open_source, read_day, warn_before_document
from songhe.cli.jsonlines import LineError, Reader, written_whole
from songhe.cli.packages import load
from songhe.cli.tasks_done import DoneFile
from songhe.cli.tasks_table import print_table
from songhe.decision.task import UNKNOWN_DAY, Standing, Step, stand
from songhe.policy.package import Package
from songhe.policy.schema import Deadline


@click.command()
@click.option("--policy", "policy_id", required=True, help="Package whose tasks are shown, such as suizhou-2023.")
@click.option("--as-of", "day", required=True, callback=read_day, help="The day they are shown on, like 2024-05-01.")
@click.option("--done", "source", help="JSON Lines file of what is done, or - for standard input.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; standard output by default.",
)
@click.option("--skip-bad", is_flag=True, help="Read the good lines of --done and report the bad ones.")
@click.option("--table", is_flag=True, help="A table for people in place of JSON Lines.")
def tasks(policy_id: str, day: dt.date, source: str | None, output: Path | None, skip_bad: bool, table: bool) -> None:
    """Show each task's state on a day: open, overdue, done or continuing."""
    if table and output is not None:
        fail("--table and --output: the table is for the screen; leave one of them out")
    package = load(policy_id)
    if output is not None and not output.parent.is_dir():
        fail(f"--output: the folder {output.parent} does not exist")
    warn_before_document(package, day)
    done = _read_done(package, source, skip_bad)
    standings = [stand(task, day, done.of(task.id)) for task in package.tasks.values()]
    if table:
        print_table(package, standings)
        return
    try:
        with written_whole(output) as out:
            for standing in standings:
                out.write(json.dumps(as_dict(package, standing), ensure_ascii=False, separators=(",", ":")) + "\n")
    except OSError as error:
        fail(f"{output or 'standard output'}: {error.strerror}; nothing was written")


def _read_done(package: Package, source: str | None, skip_bad: bool) -> DoneFile:
    """What the file says is done; a line that cannot be used ends the program, or is left out."""
    done = DoneFile(package)
    if source is None:
        return done
    with open_source(source, "--done") as stream:
        reader = Reader(stream, skip=_report if skip_bad else None, key=done.key)
        try:
            for _ in reader.rows(done.add):
                pass
        except LineError as error:
            fail(f"{error}; nothing was written (--skip-bad leaves bad lines out)")
    if reader.bad:
        err.print(f"{reader.bad} lines left out", style="yellow")
    return done


def _report(error: LineError) -> None:
    err.print(str(error), markup=False)


def as_dict(package: Package, standing: Standing) -> dict[str, Any]:
    """A task on a day as the terminal contract writes it."""
    task = standing.task
    next_step = standing.next_step
    return {
        "id": task.id,
        "name": task.name.zh,
        "policy": package.id,
        "as_of": standing.as_of.isoformat(),
        "state": standing.state,
        "next_milestone": _step(next_step) if next_step else None,
        "leads": list(task.lead),
        "cooperating": list(task.cooperating),
        "deadline": {**_deadline(task.deadline, standing.due), "continuing": task.deadline.continuing},
        "days": standing.days,
        "done_on": _known(standing.done_on),
        "late": standing.late,
        "milestones": [_step(step) for step in standing.steps],
        "missed_milestones": [_step(step) for step in standing.missed],
        "year": task.year,
        "row": task.row,
        "clauses": list(task.clauses),
        "breaks_off": task.breaks_off.zh if task.breaks_off else None,
        "note": task.note.zh if task.note else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        **_deadline(step.milestone.deadline, step.due),
        "text": step.milestone.text.zh,
        "deadline": step.milestone.deadline.text,
        "state": step.state,
        "days": step.days,
        "done_on": _known(step.done_on),
        "late": step.late,
        "clause": step.milestone.clause,
    }


def _deadline(deadline: Deadline, due: dt.date | None) -> dict[str, Any]:
    return {
        "text": deadline.text,
        "date": due.isoformat() if due else None,
        "precision": deadline.precision,
    }


def _known(day: dt.date | None) -> str | None:
    return None if day is None or day == UNKNOWN_DAY else day.isoformat()
