"""The desk, the list of all cases within reach, and how long things take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import divisions_for
from songhe.casework.models import Case, State
from songhe.casework.procedures import rulebook
from songhe.casework.queries.desk import applicants_for, cases_for, steps_of, waiting_for
from songhe.casework.queries.statistics import figures
from songhe.casework.words import KINDS, STATES
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.cases.forms import CaseFilters, DeskFilters, Span
from songhe.console.cases.items import items_of
from songhe.console.cases.lists import narrowed, people_of, rows, with_people
from songhe.console.page import actions_held, show, staff
from songhe.pages.keyset import count_up_to, window

_STEP_ACTIONS = frozenset(
    {Action.CASE_ACCEPT, Action.CASE_VERIFY, Action.CASE_ASSESS, Action.CASE_APPROVE, Action.CASE_REVIEW}
)
_DESK, _APPLICANTS = "desk", "applicants"


def acts_in_steps(actions: frozenset[Action]) -> bool:
    """Whether somebody's roles are for any step of a case; others wait with the applicants."""
    return bool(actions & _STEP_ACTIONS)


@staff(Action.CASE_READ)
def desk_page(request: HttpRequest) -> HttpResponse:
    return _desk(request, _DESK, waiting_for(request.user))


@staff(Action.CASE_READ)
def applicants_page(request: HttpRequest) -> HttpResponse:
    return _desk(request, _APPLICANTS, applicants_for(request.user))


def _desk(request: HttpRequest, tab: str, waiting: QuerySet[Case]) -> HttpResponse:
    today = clock.today()
    form = filters_of(request, DeskFilters)
    asked = form.cleaned_data if form.is_valid() else {}
    found = narrowed(waiting, asked, today)
    page = window(with_people(found), by="due_on", cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(found)
    context = {
        "tab": tab,
        "form": form,
        "window": page,
        "rows": rows(page.rows, today),
        "number": number,
        "more": is_more,
        "counts": _counted(waiting, today),
        "is_narrowed": any(asked.values()),
        "acts": acts_in_steps(actions_held(request)),
        "query": request.GET.urlencode(),
    }
    return _listed(request, "cases/desk.html", context, page.rows)


def _counted(waiting: QuerySet[Case], today: dt.date) -> list[dict[str, object]]:
    names = _names_of_steps()
    return [
        {"count": one, "kind": KINDS[one.kind], "step": _named(names, one.kind, one.step)}
        for one in steps_of(waiting, today)
    ]


def _names_of_steps() -> Mapping[tuple[str, str], Text]:
    return {(one.kind, step.id): step.name for one in rulebook().procedures for step in one.steps}


def _named(names: Mapping[tuple[str, str], Text], kind: str, step: str) -> Text:
    """A step's name; an invitation stands at no step before the person said yes."""
    if not step:
        return STATES[State.INVITED]
    return names.get((kind, step)) or say(step, step)


@staff(Action.CASE_READ)
def all_page(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    form = filters_of(request, CaseFilters)
    found = narrowed(cases_for(request.user), form.cleaned_data if form.is_valid() else {}, today)
    page = window(with_people(found), by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(found)
    context = {"form": form, "window": page, "rows": rows(page.rows, today), "number": number, "more": is_more}
    return _listed(request, "cases/list.html", context, page.rows)


@staff(Action.CASE_READ)
def figures_page(request: HttpRequest) -> HttpResponse:
    form = Span(request.GET or None)
    days = int((form.cleaned_data.get("days") if form.is_valid() else "") or 30)
    today = clock.today()
    since = today - dt.timedelta(days - 1)
    names = _names_of_steps()
    lines = [
        {"figure": one, "kind": KINDS[one.kind], "step": _named(names, one.kind, one.step)}
        for one in figures(request.user, since=since, until=today)
    ]
    late = f"{reverse('console:cases')}?state=overdue"
    context = {"form": form, "lines": lines, "since": since, "until": today, "late": late}
    return show(request, "cases/figures.html", context)


def filters_of(request: HttpRequest, form: type[DeskFilters], given: object = None) -> DeskFilters:
    """The filters as they stand in the address, or in what was sent."""
    within = divisions_for(request.user, Action.CASE_READ)
    return form(request.GET if given is None else given, within=within, items=items_of(request.user))


def _listed(request: HttpRequest, template: str, context: dict[str, object], cases: Sequence[Case]) -> HttpResponse:
    """A page of people, which is a line of the audit trail as every list of people is."""
    answer = show(request, template, context)
    append(
        user=request.user,
        action="person.listed",
        subject_kind="cases",
        details={"count": people_of(cases)},
    )
    return answer
