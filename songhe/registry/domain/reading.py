"""Noting that somebody read a person's file (查阅留痕): reads are recorded like writes."""

from __future__ import annotations

import datetime as dt

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.registry.domain.writing import division_of
from songhe.registry.models import Person


def note_reading(
    *, user: User, person: Person, part: str, valid_on: dt.date | None = None, known_at: dt.datetime | None = None
) -> None:
    """A line of the audit trail: which part of whose file, and as of when if that was not today."""
    asked = {"part": part, "valid_on": valid_on, "known_at": known_at}
    append(
        user=user,
        action="person.read",
        subject_kind="person",
        subject_id=str(person.public_id),
        division=division_of(person),
        details={name: value for name, value in asked.items() if value is not None},
    )
