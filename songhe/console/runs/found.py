"""Whose answer turned in the last run: to be offered, invited or told, and who is no longer entitled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, visible
from songhe.casework.models import Kind
from songhe.casework.queries.desk import cases_for
from songhe.console.acting import never_stored
from songhe.console.cases.paid import comes_without
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of
from songhe.console.runs import paging
from songhe.console.runs.finding import item_name, loaded
from songhe.console.runs.words import DELIVERIES
from songhe.divisions.queries import tree_on
from songhe.entitlement.models import Found, Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.work import people_found

SIZE = 50


@staff(Action.ENTITLEMENT_READ)
def people(request: HttpRequest) -> HttpResponse:
    """Newly entitled, or with `kind=lost` no longer; by item, by how the item reaches people, and by division."""
    kind = Found.Kind.LOST if request.GET.get("kind") == Found.Kind.LOST else Found.Kind.NEW
    every = people_found(request.user, kind=kind)
    items = sorted(set(every.order_by().values_list("item", "run__package").distinct()))
    rows = _chosen(request, every).select_related("person__current", "run")
    start = paging.start_of(request)
    found = list(rows[start : start + SIZE + 1])
    context = {
        "kind": kind,
        "rows": _rows(request.user, found[:SIZE]),
        "window": paging.Pages(start, SIZE, len(found) > SIZE),
        "items": [(item, item_name(loaded(package), item)) for item, package in items],
        "item": request.GET.get("item", ""),
        "deliveries": list(DELIVERIES.items()),
        "delivery": request.GET.get("delivery", ""),
        "offers": _offers(request) if kind == Found.Kind.NEW else [],
    }
    answer = show(request, "runs/found.html", context)
    details = {"count": len(context["rows"])}
    append(user=request.user, action="person.listed", subject_kind="found", details=details)
    return never_stored(answer)


def _chosen(request: HttpRequest, rows: QuerySet[Found]) -> QuerySet[Found]:
    wanted = {name: request.GET[name] for name in ("item", "delivery") if request.GET.get(name)}
    place = paging.number_in(request.GET.get("division", ""))
    tree = tree_on()
    if place is not None and place in tree:
        rows = rows.filter(person__current__hukou_division_id__in=tree.subtree([place]))
    return rows.filter(**wanted)


def _rows(user: User, found: list[Found]) -> list[dict[str, Any]]:
    places, cases = names_of(map(_place, found)), _cases(user, found)
    return [
        {
            "found": one,
            "item": item_name(loaded(one.run.package), one.item),
            "since": shown(one.since),
            "delivery": DELIVERIES.get(one.delivery),
            "place": places.get(_place(one) or 0, ""),
            "case": cases.get((one.person_id, one.item)),
            "only_confirms": comes_without(loaded(one.run.package), one.item),
            "why": f"{_why(one)}?run={one.run.public_id}",
        }
        for one in found
    ]


def _cases(user: User, found: list[Found]) -> dict[tuple[int, str], UUID]:
    """(person, item) → the latest case for the benefit that the user may read."""
    about = {"person__in": [one.person_id for one in found], "item__in": {one.item for one in found}}
    cases = cases_for(user).filter(kind=Kind.BENEFIT, **about).order_by("pk")
    return {(person, item): id for person, item, id in cases.values_list("person", "item", "public_id")}


def _place(one: Found) -> int | None:
    now = one.person.current
    place: int | None = now.hukou_division_id or now.residence_division_id
    return place


def _why(one: Found) -> str:
    return reverse("console:person-why", args=[one.person.public_id, one.item, one.run.month])


def _offers(request: HttpRequest) -> list[dict[str, Any]]:
    """Accepted runs that found somebody for whom a case may be opened, or that are still to be accepted."""
    if Action.RUN_ACCEPT not in actions_held(request):
        return []
    found = Found.objects.filter(kind=Found.Kind.NEW).exclude(delivery="apply").values("run")
    runs = list(visible(Run.objects.filter(pk__in=found), request.user, Action.RUN_ACCEPT).order_by("pk"))
    names = names_of(run.county_id for run in runs)
    return [
        {
            "run": run,
            "month": shown(run.month),
            "place": names.get(run.county_id, ""),
            "is_accepted": run.state == State.ACCEPTED,
        }
        for run in runs
        if run.state != State.WITHDRAWN
    ]
