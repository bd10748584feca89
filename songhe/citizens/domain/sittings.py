"""Signing in with a code, reading on, signing out. Staff's sessions know nothing of this."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.citizens import limits
from songhe.citizens.domain.codes import TooOften, hash_of
from songhe.citizens.finding import Reader, found_by, may_see
from songhe.citizens.models import Code, Sitting, Try
from songhe.citizens.words import NOBODY, actor_of
from songhe.registry.domain.writing import division_of
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, Kinship, Person

MOST_TRIES = 5
IDLE, LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=2)
# How exactly the last page is remembered: not every page writes it.
_EXACTNESS = dt.timedelta(seconds=30)


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in: the person whose pages these are, and which of the family reads them, if any."""

    sitting: Sitting
    reader: Reader

    @property
    def person(self) -> Person:
        return self.reader.person

    @property
    def kinship(self) -> Kinship | None:
        return self.reader.kinship


def sign_in(*, key: str, digits: str, address: str) -> str | None:
    """The token of a new sitting, known this once; None for a wrong code, whatever is wrong with it.

    A code opens one sitting and bears few wrong tries. Raises TooOften.
    """
    with transaction.atomic():
        if limits.too_often(Try.Kind.WRONG, key=key, address=address):
            raise TooOften
        current = found_by(key)
        code = _matching(current, digits)
        if code is None or (code.kinship is not None and not may_see(code.kinship)):
            limits.note(Try.Kind.WRONG, key=key, address=address)
            append(user=None, actor=NOBODY, action="citizen.refused")
            return None
        return _begin(code)


def visit_of(token: str) -> Visit | None:
    """Who reads; None when it is over: signed out, idle, too long, the person died, or the consent was taken back."""
    sitting = (
        Sitting.objects.filter(hash=_hash(token), ended_at=None)
        .select_related("code__person__merged_into", "code__kinship__person")
        .first()
    )
    if sitting is None:
        return None
    now = timezone.now()
    reader = Reader(sitting.code.person.merged_into or sitting.code.person, sitting.code.kinship)
    if now - sitting.seen_at >= IDLE or now - sitting.began_at >= LONGEST or not _may_go_on(reader):
        Sitting.objects.filter(pk=sitting.pk, ended_at=None).update(ended_at=now)
        return None
    if now - sitting.seen_at >= _EXACTNESS:
        Sitting.objects.filter(pk=sitting.pk, ended_at=None).update(seen_at=now)
    return Visit(sitting, reader)


def note_page(visit: Visit, page: str) -> None:
    """The line of the audit trail: which of the pages was read, and by whom."""
    _tell("citizen.read", visit.reader, {"page": page})


@transaction.atomic
def sign_out(visit: Visit) -> None:
    if Sitting.objects.filter(pk=visit.sitting.pk, ended_at=None).update(ended_at=timezone.now()):
        _tell("citizen.signed_out", visit.reader, {})


def _matching(current: CurrentPerson | None, digits: str) -> Code | None:
    """The code of these digits; each one in force pays for the try, before anything is compared."""
    people = group_of(current.pk if current is not None else 0)
    now = timezone.now()
    in_force = Code.objects.filter(person__in=people, ended_at=None, expires_at__gt=now, tries__lt=MOST_TRIES)
    tried = sorted(in_force.values_list("pk", flat=True))
    Code.objects.filter(pk__in=tried, tries__lt=MOST_TRIES, ended_at=None).update(tries=F("tries") + 1)
    codes = list(
        Code.objects.filter(pk__in=tried, ended_at=None, tries__lte=MOST_TRIES).select_related("kinship__person")
    )
    fitting = [code for code in codes or [Code()] if hmac.compare_digest(code.hash, hash_of(code, digits))]
    return fitting[0] if fitting else None


def _begin(code: Code) -> str | None:
    now = timezone.now()
    if not Code.objects.filter(pk=code.pk, ended_at=None).update(ended_at=now):
        return None
    token = secrets.token_urlsafe(32)
    Sitting.objects.create(code=code, hash=_hash(token), began_at=now, seen_at=now)
    reader = Reader(code.person.merged_into or code.person, code.kinship)
    _tell("citizen.signed_in", reader, {"how": code.how})
    return token


def _may_go_on(reader: Reader) -> bool:
    if CurrentPerson.objects.filter(pk=reader.person.pk, alive=False).exists():
        return False
    return reader.kinship is None or may_see(reader.kinship)


def _hash(token: str) -> str:
    # 256 bits of chance need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _tell(action: str, reader: Reader, details: dict[str, str]) -> None:
    append(
        user=None,
        actor=actor_of(reader),
        action=action,
        subject_kind="person",
        subject_id=str(reader.person.public_id),
        division=division_of(reader.person),
        details=details,
    )
