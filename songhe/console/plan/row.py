"""The page of one row at a place: what the document says, how it stands, and everything that was told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.common import clock
from songhe.common.text import Text
from songhe.console.page import actions_held, show
from songhe.console.places import names_of
from songhe.console.plan.forms import NOW
from songhe.console.plan.opening import of_row
from songhe.console.plan.words import (
    ACTS,
    BADGES,
    DUTIES,
    KINDS,
    REPORT_BADGES,
    REPORT_STATES,
    STATES,
    done_text,
    left,
)
from songhe.decision.task import Step
from songhe.divisions.queries import Node, Tree, tree_on
from songhe.pages.keyset import window
from songhe.plan.kin import clauses_of, indicators_about
from songhe.plan.models import Act, Report
from songhe.plan.packages import city_of
from songhe.plan.queries import Row, reports_of
from songhe.plan.rules import may_hand_up, may_settle, sight_of, voices
from songhe.plan.told import became, end_of
from songhe.policy.package import Package
from songhe.policy.schema import Indicator, Task, Unit

_READ = ("GET", "HEAD")


@of_row(Action.PLAN_READ, methods=_READ)
def task_page(request: HttpRequest, one: Row) -> HttpResponse:
    as_of = one.standing.as_of
    is_known_now = request.GET.get("known") == NOW
    known = clock.now() if is_known_now else end_of(as_of)
    tree = tree_on(as_of)
    city = city_of(one.package, tree)
    assert city is not None
    places = _places(request.user, one, city, tree)
    page = window(
        reports_of(request.user, one.package, one.task, places, known),
        by="pk",
        falling=True,
        cursor=request.GET.get("cursor", ""),
        size=20,
    )
    names = names_of(report.division_id for report in page.rows)
    context = {
        "one": one,
        "word": STATES[one.state],
        "badge": BADGES[one.state],
        "duty": DUTIES[one.duty],
        "left": left(one.standing.days),
        "done": done_text(one.standing),
        "steps": [_step(step) for step in one.standing.steps],
        "parts": [_part(part) for part in one.parts],
        "place": tree.full_name(one.node.id),
        "whole": city if sight_of(request.user, city).sees(one.package, one.task, city) else None,
        "as_of": as_of,
        "is_past": as_of < clock.today(),
        "is_known_now": is_known_now,
        "window": page,
        "reports": [_told(request.user, report, names, one, city) for report in page.rows],
        "may_report": Action.PLAN_REPORT in actions_held(request) and _may_report(request.user, one),
        **said_of(one.package, one.task),
    }
    return show(request, "plan/row.html", context)


def said_of(package: Package, task: Task) -> dict[str, Any]:
    """What the document says around a row: clauses, units, contradictions, indicators of the same clauses."""
    return {
        "clauses": [package.clauses[id] for id in clauses_of(task)],
        "leads": [_unit(package, name) for name in task.lead],
        "cooperating": [_unit(package, name) for name in task.cooperating],
        "conflicts": package.conflicts_of(clauses_of(task)),
        "indicators": indicators_about(package, task),
    }


def _unit(package: Package, name: str) -> Unit:
    return package.units[name]


@dataclass(frozen=True)
class ToldReport:
    """A report as the page shows it, with what the reader may do with it."""

    report: Report
    place: str
    kind: Text
    state: Text
    badge: str
    claim: Text | None
    acts: Sequence[tuple[Text, Act]]
    indicators: Sequence[Indicator]
    steps: frozenset[str]


def _told(user: User, report: Report, names: dict[int, str], one: Row, city: Node) -> ToldReport:
    state = became(report)
    linked = [link["id"] for link in report.links if link["kind"] == "indicator"]
    return ToldReport(
        report=report,
        place=names.get(report.division_id, ""),
        kind=KINDS[report.kind],
        state=REPORT_STATES[state],
        badge=REPORT_BADGES[state],
        claim=_claim(report, one.task),
        acts=[(ACTS[act.kind], act) for act in report.known_acts],
        indicators=[one.package.indicators[id] for id in linked if id in one.package.indicators],
        steps=steps_open(user, report, city),
    )


def _claim(report: Report, task: Task) -> Text | None:
    if report.done_on is None:
        return None
    if report.milestone is None:
        return Text(zh="整项任务", en="the whole task")
    return task.milestones[report.milestone - 1].text if report.milestone <= len(task.milestones) else None


def steps_open(user: User, report: Report, city: Node) -> frozenset[str]:
    """Which acts the reader may do with a report now; the domain checks again."""
    tree = tree_on()
    node = tree.get(report.division_id)
    if node is None:
        return frozenset()
    kinds = {act.kind: act.user_id for act in report.acts.all()}
    settled = kinds.keys() & {Act.Kind.CONFIRM, Act.Kind.RETURN}
    found: set[str] = set()
    if not settled and Act.Kind.HAND_UP not in kinds and may_hand_up(user, node, city):
        found.add("hand-up")
    if user.pk not in (report.reported_by_id, kinds.get(Act.Kind.HAND_UP)) and may_settle(user, node, city, tree):
        if not settled:
            found.add("return")
            if node.id == city.id or Act.Kind.HAND_UP in kinds:
                found.add("confirm")
        elif Act.Kind.CONFIRM in kinds and Act.Kind.UNDO not in kinds:
            found.add("undo")
    if not settled and report.reported_by_id == user.pk:
        found.add("evidence")
    return frozenset(found)


def _may_report(user: User, one: Row) -> bool:
    city = city_of(one.package, tree_on())
    return city is not None and bool(voices(user, one.undertaking, city))


def _places(user: User, one: Row, city: Node, tree: Tree) -> list[int]:
    """The row's place and, of those below it, the ones the reader sees the row in."""
    sight = sight_of(user, city)
    below: Iterable[int] = tree.subtree([one.node.id])
    return [id for id in below if sight.sees(one.package, one.task, tree.node(id))]


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step,
        "word": STATES[step.state],
        "badge": BADGES[step.state],
        "left": left(step.days),
        "done": done_text(step),
    }


def _part(part: Row) -> dict[str, Any]:
    return {
        "row": part,
        "word": STATES[part.state],
        "badge": BADGES[part.state],
        "duty": DUTIES[part.duty],
        "done": done_text(part.standing),
        "last": REPORT_STATES[part.last_state] if part.last else None,
        "last_badge": REPORT_BADGES.get(part.last_state, ""),
    }
