"""`songhe demo-year`: a year of a synthetic county, played and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from songhe.cli.console import err, fail, out
from songhe.cli.demo import progress, show_sign_ins
from songhe.cli.site import open_database
from songhe.common.calendar import parse_month

if TYPE_CHECKING:
    from songhe.demo.year.play import Played
    from songhe.demo.year.proof import Verdict


@click.command("demo-year")
@click.option("--people", type=click.IntRange(min=150), default=3_000, show_default=True, help="Living people.")
@click.option("--months", type=click.IntRange(min=4, max=24), default=12, show_default=True, help="How many months.")
@click.option("--from", "first", help="The first month, such as 2025-11; by default so that the last one is over.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another year.")
def demo_year(people: int, months: int, first: str | None, seed: int) -> None:
    """Play a year into an empty database 演一年, and prove every fen of it. Ends with 1 when something differs."""
    open_database()
    from songhe.demo.errors import DemoError
    from songhe.demo.year.play import play_year
    from songhe.demo.year.proof import prove_all

    start = None if first is None else _month(first)
    try:
        with progress() as report:
            played = play_year(people=people, first=start, months=months, seed=seed, report=report)
    except DemoError as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail(
            "中途停下。请删除该库和 var/runs 后重新建库再来。 It broke off half-way: delete the database and var/runs, "
            "migrate, and play it again."
        )
    verdict = prove_all(played.county, report=lambda text: err.print(f"{text.zh} {text.en}", markup=False))
    _say(played, verdict)
    if verdict.problems:
        raise SystemExit(1)


def _month(text: str) -> int:
    try:
        year, month = parse_month(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--from") from None
    return year * 100 + month


def _say(played: Played, verdict: Verdict) -> None:
    from songhe.demo.users import sign_ins_path
    from songhe.demo.year.statement import statement

    for line in statement(played, verdict):
        out.print(f"{line.zh}\n    {line.en}", markup=False, soft_wrap=True)
    show_sign_ins(played.sign_ins)
    out.print(f"只显示这一次，也写在 Shown only once, and kept in: {sign_ins_path()}", markup=False, soft_wrap=True)
    for problem in verdict.problems:
        err.print(f"✗ {problem}", style="red", markup=False, soft_wrap=True)
    if not verdict.problems:
        err.print("✓ 每一分钱都有决定和条款 Every fen rests on a decision and a clause", style="green")
