"""Whom a person belongs with, as a page shows it: kin, household, consents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.fieldcrypto import unseal
from songhe.common.text import Text, say
from songhe.console.people.file import span
from songhe.console.people.story import KIN_EN, MATTER_EN
from songhe.registry.groups import group_of
from songhe.registry.models import Consent, CurrentPerson, Kinship, Membership, Person
from songhe.registry.queries import kin, memberships
from songhe.registry.vocabulary import personal_facts

_HIDDEN = say("（不在您的区划范围内）", "(outside your divisions)")


@dataclass(frozen=True)
class Relative:
    id: int
    kind: Text
    relation: Text
    name: str
    address: UUID | None
    phone: str
    span: Text
    is_open: bool


@dataclass(frozen=True)
class Member:
    name: str
    address: UUID | None
    span: Text


@dataclass(frozen=True)
class Home:
    id: int
    membership: int
    span: Text
    is_open: bool
    others: Sequence[Member]


@dataclass(frozen=True)
class Said:
    matter: Text
    given: bool
    on: dt.date
    by: str
    note: str
    holds: bool


@dataclass(frozen=True)
class Family:
    kin: Sequence[Relative]
    homes: Sequence[Home]
    consents: Sequence[Said]


def family_of(user: User, person: Person) -> Family:
    rows, lived = list(kin(person)), list(memberships(person))
    together = _together(person, lived)
    known = _seen(user, [*(row.relative_id for row in rows if row.relative_id), *(one.person_id for one in together)])
    homes = [_home(own, [one for one in together if one.household_id == own.household_id], known) for own in lived]
    return Family([_relative(row, known) for row in rows], homes, _consents(person))


_Known = dict[int, tuple[str, UUID]]


def _seen(user: User, people: Sequence[int]) -> _Known:
    """Name and address of those among these whom the user may see."""
    rows = visible(CurrentPerson.objects.filter(pk__in=set(people)), user, Action.PERSON_READ)
    return {id: (name or "—", public) for id, name, public in rows.values_list("pk", "name", "person__public_id")}


def _together(person: Person, lived: Sequence[Membership]) -> list[Membership]:
    others = Membership.objects.filter(household__in=[own.household_id for own in lived])
    return list(others.exclude(person__in=group_of(person.pk)).order_by("pk"))


def _home(own: Membership, others: Sequence[Membership], known: _Known) -> Home:
    return Home(
        own.household_id,
        own.pk,
        span(own.valid_from, own.valid_to),
        own.valid_to is None,
        [Member(*_who(one.person_id, known), span(one.valid_from, one.valid_to)) for one in others],
    )


def _who(person: int, known: _Known) -> tuple[str, UUID | None]:
    return known.get(person, (f"{_HIDDEN.zh}{_HIDDEN.en}", None))


def _relative(row: Kinship, known: _Known) -> Relative:
    name, address = (row.name, None) if row.relative_id is None else _who(row.relative_id, known)
    phone = "" if row.phone is None else personal_facts()["phone"].masked(unseal("phone", row.phone))
    return Relative(
        row.pk,
        say(row.get_kind_display(), KIN_EN[row.kind]),
        say(row.get_relation_display(), row.relation.replace("_", " ")),
        name,
        address,
        phone,
        span(row.valid_from, row.valid_to),
        row.valid_to is None or row.valid_to >= timezone.localdate(),
    )


def _consents(person: Person) -> list[Said]:
    rows = Consent.objects.filter(person__in=group_of(person.pk)).select_related("given_by")
    latest: dict[str, int] = {}
    newest_first = list(rows.order_by("-on", "-recorded_in_id", "-pk"))
    for row in newest_first:
        latest.setdefault(row.matter, row.pk)
    return [
        Said(
            say(row.get_matter_display(), MATTER_EN[row.matter]),
            row.given,
            row.on,
            (row.given_by.name or row.given_by.get_relation_display()) if row.given_by else "",
            row.note,
            latest[row.matter] == row.pk,
        )
        for row in newest_first
    ]
