"""Opening a person's file by its address: whoever may not see it learns nothing, not even that it exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.days import age_on
from songhe.common.text import Text
from songhe.console.page import staff
from songhe.divisions.queries import tree_on
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.words import in_words

FileView = Callable[..., HttpResponse]


def person_of(user: User, public_id: UUID, action: Action) -> Person:
    """Raises Http404 for whoever is not there, and for whoever the user may not do this with."""
    found = visible(Person.objects.filter(public_id=public_id), user, action).select_related("merged_into").first()
    if found is None:
        raise Http404
    return found


def of_person(action: Action, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[FileView], FileView]:
    """A view of one file, which gets `person` as the person itself; a merged file leads to the one that stayed."""

    def decorate(view: FileView) -> FileView:
        @staff(action, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, person: UUID, **kwargs: Any) -> HttpResponse:
            found = person_of(request.user, person, action)
            if found.merged_into is not None:
                return HttpResponseRedirect(reverse("console:person", args=[found.merged_into.public_id]))
            return view(request, found, **kwargs)

        return opened

    return decorate


@dataclass(frozen=True)
class Head:
    """What stands above every part of a file: who it is about, today."""

    name: str
    sex: Text | None
    age: int | None
    birth_date: dt.date | None
    place: str
    is_dead: bool
    death_date: dt.date | None
    conflicts: tuple[str, ...]


def head_of(person: Person) -> Head:
    now = CurrentPerson.objects.get(pk=person.pk)
    division = now.residence_division_id or now.hukou_division_id
    tree = tree_on()
    return Head(
        name=now.name or "—",
        sex=in_words("sex", now.sex) if now.sex else None,
        age=_age(now),
        birth_date=now.birth_date,
        place=tree.full_name(division) if division in tree else "—",
        is_dead=now.alive is False,
        death_date=now.death_date,
        conflicts=tuple(filter(None, now.conflicts.split(","))),
    )


def _age(now: CurrentPerson) -> int | None:
    until = timezone.localdate() if now.alive is not False else now.death_date
    if now.birth_date is None or until is None or until < now.birth_date:
        return None
    return age_on(now.birth_date, until)
