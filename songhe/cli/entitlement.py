"""`songhe entitlement`: a county's months decided, accepted and looked at, and reforms tried out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from songhe.cli.console import fail, out
from songhe.cli.packages import load
from songhe.cli.site import acting, open_database
from songhe.common.calendar import parse_month
from songhe.common.money import format_yuan

if TYPE_CHECKING:
    from songhe.entitlement.models import Run
    from songhe.entitlement.simulating import Asking, Simulation

COUNTY = click.option("--county", required=True, help="Code of the county, such as 640381.")
USER = click.option("--user", "username", help="User in whose name and scope it is done.")


@click.group()
def entitlement() -> None:
    """Monthly runs 月度核定: decide, answer, accept, withdraw, look at what differs, simulate."""


@entitlement.command()
@COUNTY
@click.option("--month", required=True, help="The month to decide, such as 2026-10.")
@click.option("--package", "package_id", required=True, help="Package to decide by.")
@click.option("--accounts-from", help="Of a first run: the month from which money is accounted; its own by default.")
@USER
def run(county: str, month: str, package_id: str, accounts_from: str | None, username: str | None) -> None:
    """Decide a month as known now; nothing stands before it is accepted. Ends with 3 when the run is held."""
    open_database()
    from songhe.entitlement.domain.running import run_month

    package, wanted = load(package_id), _month("--month", month)
    start = None if accounts_from is None else _month("--accounts-from", accounts_from)
    with _said():
        made = run_month(
            county=_division(county), month=wanted, package=package, by=acting(username), accounts_from=start
        )
    _show(made)
    for finding in made.findings:
        out.print(f"! {finding['zh']} {finding['en']}", style="yellow", markup=False)
    if made.state == "held":
        raise SystemExit(3)


@entitlement.command()
@COUNTY
@click.option("--text", required=True, help="The answer to what stopped the run.")
@click.option("--user", "username", required=True, help="Who answers; not who made the run.")
def answer(county: str, text: str, username: str) -> None:
    """Answer in writing for the county's run that is held."""
    open_database()
    from songhe.entitlement.domain.accepting import answer as answer_run

    user = acting(username)
    assert user is not None
    with _said():
        _show(answer_run(run=_open_run(county), by=user, text=text))


@entitlement.command()
@COUNTY
@click.option("--user", "username", required=True, help="Who accepts; not who made the run.")
def accept(county: str, username: str) -> None:
    """Accept the county's open run: its lines stand from now on."""
    open_database()
    from songhe.entitlement.domain.accepting import accept as accept_run

    user = acting(username)
    assert user is not None
    with _said():
        _show(accept_run(run=_open_run(county), by=user))


@entitlement.command()
@COUNTY
@click.option("--reason", required=True, help="Why nothing of the run shall stand.")
@USER
def withdraw(county: str, reason: str, username: str | None) -> None:
    """Withdraw the county's open run."""
    open_database()
    from songhe.entitlement.domain.accepting import withdraw as withdraw_run

    with _said():
        _show(withdraw_run(run=_open_run(county), by=acting(username), reason=reason))


@entitlement.command()
@COUNTY
@click.option("--all", "with_due", is_flag=True, help="Also what the month itself pays.")
@USER
def differences(county: str, with_due: bool, username: str | None) -> None:
    """What the county's latest run pays later and takes back, one JSON object a line; people by their public ids."""
    open_database()
    from songhe.entitlement.proposals import proposed

    with _said():
        for row in proposed(_latest(county), user=acting(username), with_due=with_due):
            click.echo(json.dumps(row, ensure_ascii=False))


@entitlement.command()
@COUNTY
@click.option("--package", "package_id", required=True, help="The package of the run.")
def verify(county: str, package_id: str) -> None:
    """Hash the files of the county's latest run again and decide once more. Ends with 1 when something differs."""
    open_database()
    from songhe.entitlement.views import verify as verify_run

    found, package = _latest(county), load(package_id)
    try:
        faults = verify_run(found, package)
    except ValueError as error:
        fail(str(error))
    for fault in faults:
        out.print(f"✗ {fault.file}: {fault.kind}", style="red", markup=False)
    if faults:
        raise SystemExit(1)
    out.print(f"✓ {found.folder}", style="green", markup=False)


@entitlement.command()
@click.option("--county", required=True, help="Code of a county, or of a city for all of its counties.")
@click.option("--month", required=True, help="The first month.")
@click.option("--now", "now_id", required=True, help="Package in force.")
@click.option("--package", "package_id", required=True, help="Package to try out.")
@click.option("--months", default=36, show_default=True, type=click.IntRange(1, 60), help="How far to look ahead.")
@click.option(
    "--asking",
    type=click.Choice(["everybody", "holders"]),
    default="everybody",
    show_default=True,
    help="Who is thought to be paid: everybody entitled, or those alone to whom it is granted today.",
)
@USER
def simulate(
    county: str, month: str, now_id: str, package_id: str, months: int, asking: Asking, username: str | None
) -> None:
    """Winners, losers and cost of another package, as JSON; nothing of it is stored.

    For a city's code every county of it is tried out, and `counties` keeps them apart.
    """
    open_database()
    from songhe.accounts.scope import Action, require_division
    from songhe.entitlement.counties import simulate_counties

    now, then, first = load(now_id), load(package_id), _month("--month", month)
    user, division = acting(username), _division(county)
    with _said():
        if user is not None:
            require_division(user, Action.RUN_MAKE, division)
        found = simulate_counties(
            division=division,
            month=first,
            now=now,
            then=then,
            months=months,
            asking=asking,
            report=_tell_part,
        )
    counties = [_tried(one, _code(one.county)) for one in found.counties]
    click.echo(json.dumps({**_tried(found, county), "counties": counties}, ensure_ascii=False, indent=1))


def _tell_part(step: str, part: int, parts: int) -> None:
    """A line for each of several counties as it begins."""
    if step == "people" and parts > 1:
        click.echo(f"{part + 1}/{parts}", err=True)


def _tried(found: Simulation, code: str) -> dict[str, Any]:
    return {**asdict(found), "county": code, "fen": found.fen}


def _code(division: int) -> str:
    from songhe.divisions.queries import tree_on

    return tree_on().node(division).code


@entitlement.command()
@COUNTY
def prove(county: str) -> None:
    """Decide every accepted run anew by another road 逐笔重算; ends with 1 when a line differs."""
    open_database()
    from songhe.entitlement.proof.prove import prove as prove_county

    with _said():
        proof = prove_county(_division(county))
    for difference in proof.differences:
        out.print(f"✗ {difference}", markup=False, soft_wrap=True)
    out.print(
        f"{proof.runs} 次核定，{proof.people:,} 份档案，{proof.decisions:,} 人月，{proof.lines:,} 条账目，不符 "
        f"{len(proof.differences)} 条。 {proof.lines:,} lines of {proof.runs} runs, {len(proof.differences)} differ.",
        markup=False,
        soft_wrap=True,
    )
    if proof.differences:
        raise SystemExit(1)


@contextmanager
def _said() -> Iterator[None]:
    """What can be wrong, said on standard error."""
    from songhe.accounts.scope import OutOfScope
    from songhe.entitlement.errors import RunError
    from songhe.registry.snapshot import SnapshotError

    try:
        yield
    except (RunError, SnapshotError, OutOfScope) as error:
        fail(str(error))


def _month(option: str, text: str) -> int:
    try:
        year, month = parse_month(text)
    except ValueError as error:
        fail(f"{option}: {error}")
    return year * 100 + month


def _division(code: str) -> int:
    from songhe.divisions.queries import resolve

    division = resolve(code)
    if division is None:
        fail(f"没有区划 {code}： There is no division {code}.")
    return division


def _latest(county: str) -> Run:
    from songhe.entitlement.models import Run

    found = Run.objects.filter(county=_division(county)).exclude(state="withdrawn").order_by("-pk").first()
    if found is None:
        fail(f"{county} 尚无核定： There is no run of {county}.")
    return found


def _open_run(county: str) -> Run:
    from songhe.entitlement.models import OPEN, Run

    found = Run.objects.filter(county=_division(county), state__in=OPEN).first()
    if found is None:
        fail(f"{county} 没有未了结的核定： No run of {county} is open.")
    return found


def _show(made: Any) -> None:
    from songhe.entitlement.models import State
    from songhe.entitlement.months import shown

    sums = " ".join(
        f"{name} {format_yuan(fen)}"
        for name, fen in (
            ("应发 due", made.due_fen),
            ("补发 arrears", made.arrears_fen),
            ("追回 recoveries", made.recovery_fen),
        )
    )
    state = f"{State(made.state).label} {made.state}"
    out.print(f"{shown(made.month)} {made.people:,} 人 people · {sums} · {state}", markup=False)
