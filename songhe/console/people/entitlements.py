"""What a person is entitled to and was accounted, month by month, and why: from the runs, never decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.scope import Action, visible
from songhe.common.text import Text
from songhe.console.page import actions_held, show
from songhe.console.people.opening import head_of, of_person
from songhe.console.people.reasons import grounds, told
from songhe.console.runs.finding import COUNTY, item_name, loaded, package_of
from songhe.console.runs.missing import rows_of
from songhe.console.runs.words import ANSWERS, KINDS
from songhe.divisions.queries import tree_on
from songhe.entitlement.models import Line, Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.person_months import Cell, Months, months_of
from songhe.entitlement.queries import lines_of
from songhe.entitlement.reasons import Reason, why
from songhe.entitlement.standing import STANDINGS
from songhe.entitlement.work import missing_facts
from songhe.policy.package import Package
from songhe.registry.domain.reading import note_reading
from songhe.registry.models import CurrentPerson, Person

_EARLIEST, _LAST, _MOST = 195001, 219912, 60


@of_person(Action.ENTITLEMENT_READ)
def months(request: HttpRequest, person: Person) -> HttpResponse:
    """The last twelve months as a matrix, each cell with its reason, and what is missing."""
    found = months_of(person.pk, _counties(person))
    missing = missing_facts(request.user).filter(person=person).select_related("person__current", "run")
    context = {
        "person": person,
        "head": head_of(person),
        "part": "entitlements",
        "may_write": _may_write(request, person),
        "months": [shown(month) for month in found.months],
        "rows": _rows(found),
        "last": shown(found.last.month) if found.last else "",
        "turned": _turned(person, found),
        "missing": rows_of(missing),
    }
    answer = show(request, "people/entitlements.html", context)
    note_reading(user=request.user, person=person, part="entitlements")
    return answer


def _may_write(request: HttpRequest, person: Person) -> bool:
    held = Action.PERSON_WRITE in actions_held(request)
    return held and visible(Person.objects.filter(pk=person.pk), request.user, Action.PERSON_WRITE).exists()


def _counties(person: Person) -> set[int]:
    """Where the file lies, and who ever accounted anything."""
    now, tree = CurrentPerson.objects.get(pk=person.pk), tree_on()
    found = set(lines_of(person.pk).order_by().values_list("county", flat=True).distinct())
    for place in (now.hukou_division_id, now.residence_division_id):
        county = tree.at_level(place, COUNTY) if place in tree else None
        found |= {county.id} if county else set()
    return found


def _turned(person: Person, found: Months) -> list[Mapping[str, Any]]:
    """Arrears and recoveries, the latest month first: how the sums of past months came about."""
    package = loaded(found.last.package) if found.last else None
    lines = lines_of(person.pk).exclude(kind=Line.Kind.DUE).select_related("run")[:_MOST]
    return [
        {
            "line": line,
            "item": item_name(package, line.item),
            "month": shown(line.month),
            "run": shown(line.run.month),
            "kind": KINDS[line.kind],
            "answer": ANSWERS[line.answer],
        }
        for line in lines
    ]


def _rows(found: Months) -> list[Mapping[str, Any]]:
    package = loaded(found.last.package) if found.last else None
    return [
        {
            "item": item,
            "name": item_name(package, item),
            "cells": [_cell(cell) for cell in cells],
            "fen": sum(cell.fen for cell in cells),
        }
        for item, cells in found.rows.items()
    ]


def _cell(cell: Cell) -> Mapping[str, Any]:
    answer = ANSWERS.get(cell.answer or "")
    return {"month": cell.month, "kind": cell.answer or "none", "answer": answer, "fen": cell.fen, "run": cell.run}


@of_person(Action.ENTITLEMENT_READ)
def reason(request: HttpRequest, person: Person, item: str, month: int) -> HttpResponse:
    """Why one item was answered so for one month: by the run in the address, else by the last accepted one."""
    if not (_EARLIEST <= month <= _LAST and 1 <= month % 100 <= 12):
        raise Http404
    run = _run(request, person, month)
    package = package_of(run) if run else None
    if run is None or package is None or item not in package.rules:
        raise Http404
    found = why(run=run, person=person, item=item, month=month, package=package)
    tree = told(found.explained, found.facts, package, tuple(found.decision.rule.clauses))
    context = {
        "person": person,
        "head": head_of(person),
        "part": "entitlements",
        "may_write": _may_write(request, person),
        "run": run,
        "run_month": shown(run.month),
        "is_accepted": run.state == State.ACCEPTED,
        "is_changed": package.hash != run.package_hash,
        "month": shown(month),
        "item": item,
        "name": item_name(package, item),
        "answer": ANSWERS[found.decision.answer],
        "kind": found.decision.answer,
        "standing": STANDINGS[found.standing],
        "is_stopped": found.standing not in ("granted", "not_needed"),
        "amount": found.decision.amount,
        "clauses": found.decision.rule.clauses,
        "told": tree,
        "grounds": grounds(tree),
        "missing": _missing(found, package),
    }
    answer = show(request, "people/why.html", context)
    note_reading(user=request.user, person=person, part="entitlements")
    return answer


def _missing(found: Reason, package: Package) -> list[tuple[str, Text, Text | None]]:
    entries = [package.fact("person", fact) for fact in found.decision.found.missing]
    return [(entry.name, entry.label, entry.settle) for entry in entries]


def _run(request: HttpRequest, person: Person, month: int) -> Run | None:
    every = Run.objects.filter(county__in=_counties(person))
    if wanted := request.GET.get("run"):
        try:
            return every.filter(public_id=UUID(wanted)).first()
        except ValueError:
            return None
    return every.filter(state=State.ACCEPTED, month__gte=month).order_by("-pk").first()
