"""Estates: the list, with what the standards say of each, and the page of one with all that is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.console.facilities.asking import Asked, asked
from songhe.console.facilities.forms import ANSWERS, NO_KIND, AskingEstates
from songhe.console.facilities.opening import READ, of_estate
from songhe.console.facts import told_of
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.divisions.queries import tree_on
from songhe.facilities.facts import BOOKS, ESTATE, estates_in, known_estates
from songhe.facilities.instep import asks_for_step, steps_of
from songhe.facilities.models import Estate
from songhe.facilities.queries import Finding, of_estates, shortfalls_among
from songhe.pages.keyset import count_up_to, window


@staff(Action.ESTATE_READ)
def estate_list(request: HttpRequest) -> HttpResponse:
    said = asked(request, AskingEstates)
    found = _wanted(request, said)
    page = window(found, by="name", cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(found)
    context = {
        "asked": said,
        "window": page,
        "rows": _rows(said, [one.pk for one in page.rows]),
        "number": number,
        "more": is_more,
        "is_untouched": not any(request.GET.get(name) for name in ("q", "kind", "answer")),
    }
    return show(request, "facilities/list.html", context)


def _wanted(request: HttpRequest, said: Asked) -> QuerySet[Estate]:
    """The estates that count on the day and fit what was asked; what asks for facts looks at those of each."""
    given = said.form.cleaned_data
    places = [said.place.id] if said.place else []
    found = visible(estates_in(places, said.day), request.user, Action.ESTATE_READ).filter(began_on__lte=said.day)
    found = found.exclude(closed_on__lte=said.day)
    if text := given.get("q"):
        found = found.filter(name__icontains=text)
    if kind := given.get("kind"):
        known = known_estates(found, said.day)
        found = found.filter(pk__in=[one.estate.pk for one in known if one.facts.get("kind", NO_KIND) == kind])
    if (answer := given.get("answer")) and said.package is not None:
        said_so = (one.thing.pk for one in of_estates(said.package, found, said.day) if one.answer == answer)
        found = found.filter(pk__in=set(said_so))
    return found


def _rows(said: Asked, ids: list[int]) -> list[dict[str, Any]]:
    estates = Estate.objects.filter(pk__in=ids)
    known = {one.estate.pk: one for one in known_estates(estates, said.day)}
    counts: dict[int, Counter[str]] = {}
    for one in of_estates(said.package, estates, said.day) if said.package else ():
        counts.setdefault(one.thing.pk, Counter())[one.answer] += 1
    names = names_of(one.division_id for one in known.values())
    return [
        {
            "one": known[id].estate,
            "place": names.get(known[id].division_id, ""),
            "facts": known[id].facts,
            "kind": (BOOKS[ESTATE].facts["kind"].value_labels or {}).get(str(known[id].facts.get("kind"))),
            "answers": [(name, ANSWERS[name], counts[id][name]) for name in ANSWERS if counts.get(id, {}).get(name)],
        }
        for id in ids
        if id in known
    ]


@of_estate(Action.ESTATE_READ, methods=READ)
def estate_page(request: HttpRequest, estate: Estate) -> HttpResponse:
    said = asked(request, place=tree_on().get(estate.division_id))
    this = Estate.objects.filter(pk=estate.pk)
    known = next(iter(known_estates(this, said.day)), None)
    found = list(of_estates(said.package, this, said.day)) if said.package else []
    records = estate.records.select_related("recorded_by", "retraction", "make_up").order_by("-valid_from", "-pk")
    context = {
        "one": estate,
        "place": names_of([estate.division_id]).get(estate.division_id, "—"),
        "asked": said,
        "known": known,
        "standards": standards_of(found, said),
        "steps": steps_of(known.facts, said.day) if known else [],
        "in_step": [one for one in found if asks_for_step(one.rule)],
        "make_ups": estate.make_ups.select_related("planned_by", "done_by", "confirmed_by", "ended_by").order_by("-pk"),
        "memberships": estate.memberships.select_related("pool").order_by("-valid_from", "-pk"),
        "changes": estate.changes.select_related("user").order_by("-on", "-pk"),
        "told": told_of(BOOKS[ESTATE], records),
        "own": request.user.pk,
        "today": clock.today(),
    }
    return show(request, "facilities/estate.html", context)


def standards_of(found: Iterable[Finding], said: Asked) -> list[dict[str, Any]]:
    """Each standard with what lacks, what is planned, and the texts of its clauses."""
    found = list(found)
    short = {one.standard: one for one in shortfalls_among(found, said.day)}
    return [
        {
            "finding": one,
            "short": short.get(one.rule.id),
            "clauses": [one.package.clauses[id] for id in one.rule.clauses if id in one.package.clauses],
            "missing": [BOOKS[one.subject].facts[name].label for name in one.decision.found.missing],
            "terms": [one.package.terms[id] for id in one.decision.found.open_terms],
        }
        for one in found
    ]
