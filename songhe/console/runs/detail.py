"""One run: what it came to, what stopped it, what may be done with it, and where its money goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from songhe.accounts.models import User
from songhe.accounts.scope import Action, visible
from songhe.common.text import say
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of
from songhe.console.runs.figures import findings_of, lines_of
from songhe.console.runs.finding import day_of_run, package_of, run_of, title_of
from songhe.console.runs.words import STATES
from songhe.divisions.queries import tree_on
from songhe.entitlement import differing
from songhe.entitlement.models import OPEN, Found, MissingFact, Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.queries import plans_missing

TOWN, VILLAGE = 4, 5


@dataclass(frozen=True)
class May:
    """What the user may do with the run as it stands; who made it neither answers for it nor accepts it."""

    answer: bool
    accept: bool
    withdraw: bool
    offer: bool
    is_maker: bool


def may_do(request: HttpRequest, run: Run) -> May:
    held, is_maker = actions_held(request), run.made_by_id == request.user.pk
    return May(
        answer=run.state == State.HELD and Action.RUN_ANSWER in held and not is_maker,
        accept=run.state in (State.DECIDED, State.ANSWERED) and Action.RUN_ACCEPT in held and not is_maker,
        withdraw=run.state in OPEN and Action.RUN_MAKE in held,
        offer=run.state == State.ACCEPTED and Action.RUN_ACCEPT in held and _has_found(run),
        is_maker=is_maker,
    )


def _has_found(run: Run) -> bool:
    turned = Found.objects.filter(run=run, kind=Found.Kind.NEW).exclude(delivery="apply")
    return any(item.get("delivery") == "invite" and item["without_grant"] for item in run.items) or turned.exists()


@staff(Action.RUN_READ)
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = run_of(request, run_id)
    package = package_of(run)
    context = {
        "run": run,
        "month": shown(run.month),
        "before": shown(run.base.month) if run.base else "",
        "accounts_from": shown(run.accounts_from),
        "first": shown(run.first),
        "place": names_of([run.county_id]).get(run.county_id, ""),
        "state": STATES[run.state],
        "title": title_of(run.package),
        "is_changed": package is None or package.hash != run.package_hash,
        "lines": lines_of(run, package),
        "findings": list(findings_of(run, package)),
        "steps": [{"step": step, "state": STATES[step.state]} for step in _steps(run)],
        "may": may_do(request, run),
        "is_open": run.state in OPEN,
        "figures": _figures(run),
        "unplanned": plans_missing(run) if run.state == State.ACCEPTED and run.recovery_fen else 0,
        "work": _work(request.user, run),
    }
    return show(request, "runs/run.html", context)


def _steps(run: Run) -> Sequence[object]:
    return list(run.steps.select_related("by").order_by("pk"))


def _figures(run: Run) -> list[tuple[object, int]]:
    return [
        (say("当月应发", "Due"), run.due_fen),
        (say("补发", "Arrears"), run.arrears_fen),
        (say("追回", "Recoveries"), run.recovery_fen),
        (say("合计", "Together"), run.due_fen + run.arrears_fen + run.recovery_fen),
    ]


def _work(user: User, run: Run) -> Mapping[str, int]:
    """What this run left to do; nothing once a later one has taken its place."""
    found = visible(Found.objects.filter(run=run), user, Action.ENTITLEMENT_READ)
    missing = visible(MissingFact.objects.filter(run=run), user, Action.ENTITLEMENT_READ)
    return {
        "missing": missing.count(),
        "new": found.filter(kind=Found.Kind.NEW).count(),
        "lost": found.filter(kind=Found.Kind.LOST).count(),
    }


@dataclass(frozen=True)
class Place:
    """A division's part of a run, in signed fen."""

    id: int | None
    name: str
    due: int
    arrears: int
    recovery: int

    @property
    def fen(self) -> int:
        return self.due + self.arrears + self.recovery


@staff(Action.RUN_READ)
def run_places(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """By town, or with `in` the villages of one."""
    run = run_of(request, run_id)
    day = day_of_run(run)
    tree = tree_on(day)
    within = request.GET.get("in", "")
    town = tree.get(int(within)) if within.isascii() and within.isdecimal() and len(within) < 10 else None
    if town is None or town.level != TOWN or not tree.holds(run.county_id, town.id):
        town = None
    sums = differing.by_division(run, day, VILLAGE if town else TOWN)
    inside = {node.id for node in tree.children(town.id)} | {town.id} if town else None
    rows = [
        Place(
            division,
            tree.node(division).name if division in tree else "",
            part.get("due", 0),
            part.get("arrears", 0),
            part.get("recovery", 0),
        )
        for division, part in sums.items()
        if inside is None or division in inside
    ]
    rows.sort(key=lambda row: (row.id is None, tree.node(row.id).code if row.id in tree else ""))
    context = {
        "run": run,
        "month": shown(run.month),
        "town": town,
        "rows": rows,
        "together": [sum(getattr(row, name) for row in rows) for name in ("due", "arrears", "recovery", "fen")],
        "may_drill": town is None,
        "county_name": tree.full_name(run.county_id),
        "towns": {node.id for node in tree.level(TOWN)},
    }
    return show(request, "runs/places.html", context)
