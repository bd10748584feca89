"""Conflicts between sources: a list to work off, and a page to settle each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, done, given
from songhe.console.conflicts.forms import OTHER, Settle
from songhe.console.page import page_of, show, staff
from songhe.console.people.acting import beside_fields
from songhe.console.people.file import span
from songhe.console.people.opening import head_of, of_person
from songhe.console.register.filters import ANY, Choice
from songhe.registry.conflicts import Claim, claims_of, disputed
from songhe.registry.domain import desk
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, FactRecord, Person
from songhe.registry.vocabulary import fact_names, label
from songhe.registry.words import in_words, source_name

_DEATHS = ("alive", "death_date")


@staff(Action.CONFLICT_SETTLE)
def listing(request: HttpRequest) -> HttpResponse:
    fact = request.GET.get("fact", "")
    fact = fact if fact in fact_names() else ""
    window = disputed(request.user, fact=fact, cursor=request.GET.get("cursor", ""))
    rows = [
        {
            "name": one.person.name or "—",
            "person": one.person.person.public_id,
            "fact": name,
            "label": label(name),
            "claims": [_shown(name, claim) for claim in claims],
        }
        for one in window.rows
        for name, claims in one.claims.items()
    ]
    context = {"window": window, "rows": rows, "choice": _choice(fact, page_of(request).language)}
    answer = show(request, "conflicts/list.html", context)
    append(user=request.user, action="person.listed", subject_kind="conflicts", details={"count": len(window.rows)})
    return answer


def _choice(fact: str, language: str) -> Choice:
    options = [(name, label(name).in_language(language)) for name in fact_names()]
    return Choice("fact", say("事项", "Fact"), (("", ANY.in_language(language)), *options), fact)


def _shown(fact: str, claim: Claim) -> dict[str, Any]:
    return {
        "value": in_words(fact, claim.value),
        "source": source_name(claim.source),
        "span": span(claim.valid_from, claim.valid_to),
        "recorded_at": claim.recorded_at,
        "record": claim.record,
    }


@of_person(Action.CONFLICT_SETTLE, methods=READ_AND_WRITE)
def settle(request: HttpRequest, person: Person, fact: str) -> HttpResponse:
    if fact not in fact_names():
        raise Http404
    (one,) = claims_of([CurrentPerson.objects.get(pk=person.pk)], fact=fact)
    claims = one.claims.get(fact, ())
    form = Settle(given(request), fact=fact, claims=[(str(claim.record), _said(fact, claim)) for claim in claims])
    if form.is_valid():
        with beside_fields(form, **{fact: "value"}):
            _settle(request, person, fact, form.cleaned_data)
            text = say(f"{label(fact).zh}已裁定。", f"{label(fact).en}: settled.")
            return done(request, text, reverse("console:conflicts"))
    context = {
        "person": person,
        "head": head_of(person),
        "label": label(fact),
        "claims": [_shown(fact, claim) for claim in claims],
        "form": form,
        "is_death": fact in _DEATHS,
        "is_open": bool(claims),
    }
    return show(request, "conflicts/settle.html", context, status=422 if form.is_bound else 200)


def _settle(request: HttpRequest, person: Person, fact: str, asked: dict[str, Any]) -> None:
    record = None
    if asked["choice"] != OTHER:
        theirs = FactRecord.objects.filter(person__in=group_of(person.pk), fact=fact)
        record = get_object_or_404(theirs, pk=asked["choice"])
    desk.settle(
        user=request.user,
        person=person,
        fact=fact,
        reason=asked["reason"],
        record=record,
        value=asked["value"],
        valid_from=asked["valid_from"],
    )


def _said(fact: str, claim: Claim) -> Text:
    value, source = in_words(fact, claim.value), source_name(claim.source)
    return say(f"{value.zh}（{source.zh}）", f"{value.en} ({source.en})")
