"""Who is meant by a resident number, and who of the family may see a person's pages today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from songhe.common import clock
from songhe.common.fieldcrypto import seal, search_hash, unseal
from songhe.registry.groups import survivors
from songhe.registry.models import Consent, CurrentPerson, Kinship, Person, PersonKey
from songhe.registry.queries import consents, kin
from songhe.registry.vocabulary import StatementError, to_text

FAMILY_VIEW = Consent.Matter.FAMILY_VIEW
_NUMBER, _PHONE = "resident_id", "phone"


@dataclass(frozen=True)
class Reader:
    """Whose pages, and which of the family reads them; no kinship: the person."""

    person: Person
    kinship: Kinship | None = None


def key_of(number: str) -> str | None:
    """The keyed hash by which a resident number is found; None for what is no such number."""
    try:
        text = to_text(_NUMBER, number)
    except StatementError:
        return None
    return None if text is None else search_hash(_NUMBER, text).hex()


def phone_of(text: str) -> str | None:
    """A telephone number in the form it is kept; None for what is none."""
    try:
        return to_text(_PHONE, text)
    except StatementError:
        return None


def found_by(key: str) -> CurrentPerson | None:
    """The living person whose number this is today. None also when several files claim it: a clerk must look first."""
    ever = PersonKey.objects.filter(kind=_NUMBER, hash=key).values_list("person_id", flat=True)
    # Nobody's number takes as many questions to the database as somebody's.
    people = survivors(list(ever) or [0])
    rows = CurrentPerson.objects.filter(pk__in=people).exclude(alive=False).select_related("person")
    # Somebody else's number, recorded here by mistake and corrected since, opens nothing.
    own = [
        row for row in rows if row.resident_id and search_hash(_NUMBER, unseal(_NUMBER, row.resident_id)).hex() == key
    ]
    return own[0] if len(own) == 1 else None


def reader_with(current: CurrentPerson | None, phone: str) -> Reader | None:
    """Who of a person's family has this telephone and may see the pages."""
    if current is None:
        # As much work as for somebody of whom there is a file.
        unseal(_PHONE, _nobodys())
        return None
    for row in kin(current.person).filter(kind=Kinship.Kind.MAY_ACT):
        if may_see(row) and _telephone(row) == phone:
            return Reader(current.person, row)
    return None


def own_phone(current: CurrentPerson | None) -> str | None:
    """The telephone on file of a person."""
    sealed = current.phone if current is not None and current.phone else _nobodys()
    text = unseal(_PHONE, sealed)
    return text if current is not None and current.phone else None


def may_see(kinship: Kinship, day: dt.date | None = None) -> bool:
    """Whether this relative may see the person's pages on a day (today): may act, and the person agreed."""
    day = day or clock.today()
    in_force = (kinship.valid_from or day) <= day <= (kinship.valid_to or day)
    if kinship.kind != Kinship.Kind.MAY_ACT or not in_force:
        return False
    return consents(kinship.person, on=day).get(FAMILY_VIEW.value, False) and not _has_died(kinship)


def family_of(person: Person) -> list[Kinship]:
    """Those of the family who may see the person's pages today."""
    return [row for row in kin(person).filter(kind=Kinship.Kind.MAY_ACT) if may_see(row)]


def _has_died(kinship: Kinship) -> bool:
    relative = kinship.relative_id
    return relative is not None and CurrentPerson.objects.filter(pk=relative, alive=False).exists()


def _telephone(kinship: Kinship) -> str | None:
    sealed = kinship.phone
    if sealed is None and kinship.relative_id is not None:
        sealed = CurrentPerson.objects.filter(pk=kinship.relative_id).values_list("phone", flat=True).first()
    return None if sealed is None else unseal(_PHONE, sealed)


@cache
def _nobodys() -> bytes:
    return seal(_PHONE, "00000000000")
