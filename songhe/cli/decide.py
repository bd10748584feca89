"""`songhe decide`: facts of subjects in, decisions out, as JSON Lines."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import IO, Any

import click

from songhe.cli.console import err, fail
from songhe.cli.jsonlines import LineError, Reader, written_whole
from songhe.cli.packages import load
from songhe.common.calendar import parse_date
from songhe.decision.explain import explained_dict, explained_standard
from songhe.decision.facts import read_facts
from songhe.decision.person import make_decider
from songhe.decision.standard import decide_standards
from songhe.policy.package import Package
from songhe.rules.vocabulary import Value


def read_day(context: click.Context, parameter: click.Parameter, text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--policy", "policy_id", required=True, help="Package to decide by, such as suizhou-2023.")
@click.option("--on", "day", required=True, callback=read_day, help="The day decided on, like 2024-05-01.")
@click.option("--subject", default="person", show_default=True, help="The kind of subject.")
@click.option("--facts", "source", default="-", show_default=True, help="JSON Lines file, or - for standard input.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; standard output by default.",
)
@click.option("--explain", is_flag=True, help="Add the tree of each decision and the next day it changes.")
@click.option("--skip-bad", is_flag=True, help="Write the good lines and report the bad ones.")
def decide(
    policy_id: str,
    day: dt.date,
    subject: str,
    source: str,
    output: Path | None,
    explain: bool,
    skip_bad: bool,
) -> None:
    """Decide what each subject is owed on a day."""
    package = load(policy_id)
    if subject not in package.vocabularies:
        fail(f"unknown subject {subject!r}; there are {', '.join(package.vocabularies)}")
    if output is not None and not output.parent.is_dir():
        fail(f"--output: the folder {output.parent} does not exist")
    warn_before_document(package, day)
    worker = _Worker(package, day, subject, explain)
    with open_source(source) as stream:
        reader = Reader(stream, skip=_report if skip_bad else None)
        try:
            with written_whole(output) as out:
                for row in reader.rows(worker.row):
                    out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        except LineError as error:
            fail(f"{error}; nothing was written (--skip-bad leaves bad lines out)")
        except OSError as error:
            fail(f"{output or 'standard output'}: {error.strerror}; nothing was written")
    if reader.bad:
        err.print(f"{reader.bad} lines left out", style="yellow")


class _Worker:
    """Turns one line's facts into one line's decisions."""

    def __init__(self, package: Package, day: dt.date, subject: str, explain: bool) -> None:
        self.package, self.day, self.explain = package, day, explain
        self.vocabulary = package.vocabularies[subject]
        self.decider = make_decider(package, day, subject)

    def row(self, raw: dict[str, Any]) -> dict[str, Any]:
        id = raw.pop("id")
        facts = read_facts(raw, self.vocabulary)
        return {
            "id": id,
            "policy": self.package.id,
            "on": self.day.isoformat(),
            "decisions": self.decisions(facts),
        }

    def decisions(self, facts: dict[str, Value]) -> list[dict[str, Any]]:
        decided = self.decider.decide(facts)
        standards = decide_standards(self.package, self.day, self.decider.subject, facts)
        if self.explain:
            rows = [explained_dict(decision, facts, self.package, self.day) for decision in decided]
            return rows + [explained_standard(decision, facts, self.package, self.day) for decision in standards]
        return [decision.as_dict() for decision in [*decided, *standards]]


def open_source(source: str, option: str = "--facts") -> IO[bytes]:
    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as error:
        fail(f"{option}: {source}: {error.strerror}")


def warn_before_document(package: Package, day: dt.date) -> None:
    """A document has no force before it was signed; where it begins is often not written."""
    signed = package.document.signed
    if signed and day < signed:
        err.print(f"warning: {day} lies before the document was signed ({signed})", style="yellow")


def _report(error: LineError) -> None:
    err.print(str(error), markup=False)
