"""A reform tried out (政策模拟): winners, losers and cost, before anyone approves it; nothing of it is ever paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.scope import Action, visible
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, given, telling
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of
from songhe.console.runs.chart import chart_of
from songhe.console.runs.costs import cost, counties_of_result, sums, together
from songhe.console.runs.finding import CITY, item_name, loaded, options, options_elsewhere, title_of, tried_in
from songhe.console.runs.forms import ASKING, NewSimulation
from songhe.console.runs.turned import assumed_of, turned_of
from songhe.console.runs.words import JOBS
from songhe.console.runs.working import looked_after, progress_page
from songhe.divisions.queries import Node
from songhe.entitlement.domain.ordering import KEPT, asking_of
from songhe.entitlement.jobs import start_simulation
from songhe.entitlement.models import Job
from songhe.entitlement.months import shown
from songhe.entitlement.queries import last_accepted
from songhe.entitlement.worths import payable

_SHOWN, _AHEAD = 20, 36


@staff(Action.RUN_READ)
def simulations(request: HttpRequest) -> HttpResponse:
    """Those of the last month; figures are kept for a day."""
    every = visible(Job.objects.select_related("by"), request.user, Action.RUN_READ)
    jobs = list(every.filter(kind=Job.Kind.SIMULATION).defer("result").order_by("-pk")[:_SHOWN])
    kept = set(every.filter(pk__in=[job.pk for job in jobs], result__isnull=False).values_list("pk", flat=True))
    names = names_of(job.county_id for job in jobs)
    rows = [
        {
            "job": job,
            "month": shown(job.month),
            "state": JOBS[job.state],
            "place": names.get(job.county_id, ""),
            "other": title_of(job.other),
            "is_over": job.state == Job.State.DONE and job.pk not in kept,
        }
        for job in jobs
    ]
    context = {"rows": rows, "may_make": Action.RUN_MAKE in actions_held(request)}
    return show(request, "runs/simulations.html", context)


@staff(Action.RUN_MAKE, methods=READ_AND_WRITE)
def new_simulation(request: HttpRequest) -> HttpResponse:
    places = tried_in(request.user)
    county = _chosen(request, places)
    if county is None:
        return show(request, "runs/county.html", {"counties": places, "address": "console:simulation-new"})
    packages = _told_apart(options(county.id), _this_month())
    others = _told_apart(options_elsewhere(county.id), _this_month())
    proposed = _proposed(county.id, packages)
    form = NewSimulation(given(request), packages=packages, elsewhere=others, initial=proposed)
    if form.is_valid():
        with telling(form):
            job = start_simulation(by=request.user, county=county.id, **form.cleaned_data)
            return HttpResponseRedirect(reverse("console:simulation", args=[job.public_id]))
    context = {
        "form": form,
        "county": county,
        "is_city": county.level == CITY,
        "has_packages": len(packages + others) > 1,
    }
    return show(request, "runs/simulate.html", context, status=422 if form.is_bound else 200)


def _chosen(request: HttpRequest, counties: Sequence[Node]) -> Node | None:
    text = request.GET.get("county", "")
    alone = counties[0] if len(counties) == 1 else None
    return next((node for node in counties if str(node.id) == text), alone)


def _proposed(county: int, packages: Sequence[tuple[str, Text]]) -> dict[str, Any]:
    base, month = last_accepted(county), _this_month()
    now = base.package if base else packages[0][0] if packages else ""
    others = [id for id, _ in packages if id != now]
    paid = _paid(now, month)
    # What gives sums for the same items can be compared; a plan of action cannot.
    compared = [id for id in others if paid & _paid(id, month)] or [id for id in others if _paid(id, month)]
    other = next(iter(compared or others), now)
    return {
        "month": month,
        "package": now,
        "other": other,
        "months": _AHEAD,
        "asking": "everybody",
    }


def _this_month() -> int:
    today = timezone.localdate()
    return today.year * 100 + today.month


def _paid(id: str, *months: int) -> set[str]:
    """The items for which a package gives an exact sum in one of these months."""
    package = loaded(id)
    return set() if package is None else {item for item, _ in payable(package, months)}


def _told_apart(packages: Sequence[tuple[str, Text]], month: int) -> list[tuple[str, Text]]:
    """The choices, those without any sum marked as such."""
    return [(id, name if _paid(id, month) else _without_sums(name)) for id, name in packages]


def _without_sums(name: Text) -> Text:
    return say(f"{name.zh}——没有给出金额", f"{name.en} – gives no sums")


@staff(Action.RUN_READ)
def simulation(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Progress, and then the figures, for whoever has the address and the right."""
    job = looked_after(request, job_id, Job.Kind.SIMULATION)
    if job.state != Job.State.DONE or job.result is None:
        return progress_page(request, job)
    found, package = job.result, loaded(job.other)
    by_item = together(found["costs"], "item")
    by_month = together(found["costs"], "month")
    context = {
        "job": job,
        "found": found,
        "place": names_of([job.county_id]).get(job.county_id, ""),
        "month": shown(job.month),
        "last": shown(max(by_month, default=job.month)),
        "title": title_of(job.package),
        "other": title_of(job.other),
        "asking": ASKING[asking_of(job)],
        "until": job.ended_at + KEPT if job.ended_at else None,
        "changes": [{**one, "name": item_name(package, one["item"])} for one in found["changes"]],
        "items": [cost(item_name(package, item), part) for item, part in by_item.items()],
        "months": [cost(shown(month), part) for month, part in by_month.items()],
        "together": cost("", sums(found["costs"])),
        "gives_sums": bool(_paid(job.other, *(by_month or [job.month]))),
        "counties": counties_of_result(found, package),
        "turned": turned_of(found, loaded(job.package), package),
        "assumed": assumed_of(job),
        "chart": chart_of([(shown(month), part["fen"], part["fen_then"]) for month, part in by_month.items()]),
    }
    return show(request, "runs/simulation.html", context)
