"""`songhe snapshot`: a county's people as a Parquet file for `songhe run`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from songhe.cli.console import fail, out
from songhe.cli.site import acting, open_database
from songhe.common import clock
from songhe.common.days import DayProblem, read_day


@click.command()
@click.option("--county", required=True, help="Code of the division, such as 640381.")
@click.option("--on", "valid_on", help="The day on which facts are valid; today by default.")
@click.option("--known-at", help="What was known at the end of this day; what is known now by default.")
@click.option("--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@click.option("--user", "username", help="User in whose scope it is written.")
def snapshot(county: str, valid_on: str | None, known_at: str | None, output: Path, username: str | None) -> None:
    """Write a county's people as valid on a day and known at another 快照."""
    open_database()
    from songhe.accounts.scope import Action, OutOfScope, require_division
    from songhe.divisions.queries import resolve
    from songhe.registry.snapshot import SnapshotError, write_snapshot

    day = _day("--on", valid_on)
    division = resolve(county, day)
    if division is None:
        fail(f"没有区划 {county}： There is no division {county} on that day.")
    user = acting(username)
    try:
        if user is not None:
            require_division(user, Action.SNAPSHOT_WRITE, division)
        output.mkdir(parents=True, exist_ok=True)
        path = write_snapshot(county=division, valid_on=day, known_at=_end_of(known_at), folder=output, user=user)
    except (SnapshotError, OutOfScope) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{output}: {error.strerror}")
    out.print(f"✓ {path}", style="green", markup=False)


def _day(option: str, text: str | None) -> dt.date:

    if text is None:
        return clock.today()
    try:
        return read_day(text)
    except DayProblem as problem:
        fail(f"{option}: {problem.text.zh} {problem.text.en}")


def _end_of(text: str | None) -> dt.datetime | None:
    """The last moment of a day; None for now."""
    from django.utils import timezone

    if text is None:
        return None
    return timezone.make_aware(dt.datetime.combine(_day("--known-at", text), dt.time.max))
