"""Recoveries without a plan, and planning one: at once, in instalments, or waived by somebody who says why."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.scope import Action, visible
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.page import show, staff
from songhe.console.people.opening import head_of, person_of
from songhe.console.runs import paging
from songhe.console.runs.finding import counties_of, item_name, package_of, page_of, run_of
from songhe.console.runs.forms import MODES, Settlement
from songhe.console.runs.words import ANSWERS
from songhe.entitlement.models import Line, Plan, Run
from songhe.entitlement.months import shown
from songhe.entitlement.queries import instalments, plan_for, recoveries_open
from songhe.payment.domain.settling import settle_recovery

SIZE = 50


@staff(Action.RECOVERY_SETTLE)
def recovery_list(request: HttpRequest) -> HttpResponse:
    """Those nobody has planned yet, the oldest run first."""
    counties = counties_of(request.user, Action.RECOVERY_SETTLE)
    start = paging.start_of(request)
    found = recoveries_open(request.user, [node.id for node in counties])[start : start + SIZE + 1]
    rows, more = list(found[:SIZE]), len(found) > SIZE
    runs = Run.objects.in_bulk([row["run"] for row in rows])
    context = {
        "rows": [{**row, "run": runs[row["run"]], "month": shown(runs[row["run"]].month)} for row in rows],
        "window": paging.Pages(start, SIZE, more),
    }
    return show(request, "runs/recoveries.html", context)


@staff(Action.RECOVERY_SETTLE, methods=READ_AND_WRITE)
def plan(request: HttpRequest, run_id: UUID, person: UUID) -> HttpResponse:
    """What the run takes back from one person, and how it is settled. A later plan takes the place of an earlier."""
    run, elder = run_of(request, run_id), person_of(request.user, person, Action.RECOVERY_SETTLE)
    lines = list(visible(Line.objects.filter(run=run, person=elder, kind=Line.Kind.RECOVERY), request.user, _READ))
    if not lines:
        raise Http404
    before, form = plan_for(run, elder.pk), Settlement(given(request), initial={"mode": Plan.Mode.AT_ONCE})
    if form.is_valid():
        with telling(form):
            asked = form.cleaned_data
            number = (asked["number"] or 1) if asked["mode"] == Plan.Mode.INSTALMENTS else 1
            settle_recovery(
                run=run, person=elder, mode=asked["mode"], number=number, by=request.user, reason=asked["reason"]
            )
            return done(request, say("追回方案已确定。", "The recovery is planned."), _back(run))
    package = package_of(run)
    clauses = {item["id"]: item["clauses"] for item in run.items}
    context = {
        "run": run,
        "run_month": shown(run.month),
        "person": elder,
        "head": head_of(elder),
        "form": form,
        "fen": -sum(line.fen for line in lines),
        "lines": [
            {
                "line": line,
                "item": item_name(package, line.item),
                "month": shown(line.month),
                "answer": ANSWERS[line.answer],
                "clauses": clauses.get(line.item, []),
            }
            for line in sorted(lines, key=lambda line: (line.month, line.item))
        ],
        "before": before,
        "before_mode": MODES[before.mode] if before else None,
        "before_parts": instalments(before) if before else [],
        "is_maker": run.made_by_id == request.user.pk,
        "back": page_of(run),
    }
    return show(request, "runs/plan.html", context, status=422 if form.is_bound else 200)


_READ = Action.ENTITLEMENT_READ


def _back(run: Run) -> str:
    return f"{reverse('console:run-differences', args=[run.public_id])}?kind=recovery"
