"""One person's file."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.api.schemas import PersonOut, Problem
from songhe.common import clock
from songhe.registry.domain.writing import division_of
from songhe.registry.models import Person
from songhe.registry.queries import Resolved, file_as_of
from songhe.registry.vocabulary import label

router = Router(tags=["people 档案"])


@router.get(
    "/people/{public_id}",
    response={200: PersonOut, 401: Problem, 404: Problem, 422: Problem},
    summary="一人一档 The file of a person",
)
def read_person(
    request: HttpRequest, public_id: uuid.UUID, valid_on: dt.date | None = None, known_at: dt.datetime | None = None
) -> Any:
    """As valid on a day (today) and known at a moment (now). Who is out of scope is not found."""
    user: User = request.auth  # type: ignore[attr-defined]
    people = Person.objects.select_related("merged_into")
    person = visible(people, user, Action.PERSON_READ).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    day, moment = valid_on or clock.today(), _aware(known_at)
    facts = file_as_of(person, valid_on=day, known_at=moment)
    append(
        user=user,
        action="person.read",
        subject_kind="person",
        subject_id=str(person.public_id),
        division=division_of(person),
        details={"by": "api"},
    )
    return {
        "person": person.public_id,
        "merged_into": person.merged_into and person.merged_into.public_id,
        "valid_on": day,
        "known_at": moment or clock.now(),
        "facts": {fact: _fact(fact, one) for fact, one in facts.items()},
    }


def _fact(name: str, one: Resolved) -> dict[str, Any]:
    return {
        "label": label(name),
        "value": one.value,
        "source": one.source,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "recorded_at": one.recorded_at,
        "conflict": one.conflict,
    }


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    """A moment without a zone is one of China's."""
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment
