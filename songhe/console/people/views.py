"""A person's file: what is known, how it came about, whom the person belongs with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.scope import OutOfScope, visible
from songhe.console.acting import never_stored
from songhe.console.page import actions_held, page_of, show
from songhe.console.people.asof import AsOf
from songhe.console.people.family import family_of
from songhe.console.people.file import sections
from songhe.console.people.opening import head_of, of_person
from songhe.console.people.story import told
from songhe.registry.domain.reading import note_reading
from songhe.registry.domain.reveal import reveal
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.queries import file_as_of, timeline
from songhe.registry.vocabulary import StatementError, label


@of_person(Action.PERSON_READ)
def facts(request: HttpRequest, person: Person) -> HttpResponse:
    asked = AsOf(request.GET if {"valid_on", "known_at"} & set(request.GET) else None)
    day, moment = asked.day, asked.moment
    context = {
        "sections": sections(file_as_of(person, valid_on=day, known_at=moment)),
        "asked": asked,
        "day": day,
        "moment": moment,
        "is_past": day not in (None, timezone.localdate()) or moment is not None,
        "may_reveal": _may(request, person, Action.PERSON_REVEAL),
    }
    answer = _part(request, person, "facts", context, status=422 if asked.is_bound and not asked.is_valid() else 200)
    note_reading(user=request.user, person=person, part="facts", valid_on=day, known_at=moment)
    return answer


@of_person(Action.PERSON_READ)
def story(request: HttpRequest, person: Person) -> HttpResponse:
    answer = _part(request, person, "timeline", {"days": told(timeline(person))})
    note_reading(user=request.user, person=person, part="timeline")
    return answer


@of_person(Action.PERSON_READ)
def family(request: HttpRequest, person: Person) -> HttpResponse:
    answer = _part(request, person, "family", {"family": family_of(request.user, person)})
    note_reading(user=request.user, person=person, part="family")
    return answer


@of_person(Action.PERSON_REVEAL, methods=("POST",))
def show_sealed(request: HttpRequest, person: Person, fact: str) -> HttpResponse:
    """A sealed fact in full, this once: nothing keeps the answer, and the audit trail keeps that it was given."""
    try:
        text = reveal(user=request.user, current=CurrentPerson.objects.get(pk=person.pk), fact=fact)
    except StatementError as error:
        raise OutOfScope(f"{error.zh} {error.en}") from None
    template = "people/sealed_part.html" if page_of(request).is_part else "people/sealed.html"
    context = {"person": person, "label": label(fact), "text": text}
    return never_stored(show(request, template, context))


def _part(
    request: HttpRequest, person: Person, part: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    may_write = _may(request, person, Action.PERSON_WRITE)
    everywhere = {"person": person, "head": head_of(person), "part": part, "may_write": may_write}
    everywhere["may_give"] = _may(request, person, Action.CODE_GIVE)
    return show(request, f"people/{part}.html", {**everywhere, **context}, status=status)


def _may(request: HttpRequest, person: Person, action: Action) -> bool:
    """Whether the user may do this with this person: for buttons."""
    held = action in actions_held(request)
    return held and visible(Person.objects.filter(pk=person.pk), request.user, action).exists()
