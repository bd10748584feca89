"""Codes: sent to a telephone on file, or given at the counter by somebody who looked the person in the face."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.citizens import limits
from songhe.citizens.errors import CodeError
from songhe.citizens.finding import Reader, found_by, may_see, own_phone, reader_with
from songhe.citizens.models import Code, How, Try
from songhe.citizens.words import NOBODY, actor_of
from songhe.common.fieldcrypto import search_hash, unseal
from songhe.outbox.domain.writing import put
from songhe.outbox.models import Kind
from songhe.registry.domain.writing import division_of
from songhe.registry.groups import group_of
from songhe.registry.models import CurrentPerson, Kinship, Person

DIGITS = 6
SENT_LASTS, GIVEN_LASTS = dt.timedelta(minutes=10), dt.timedelta(minutes=15)
_TEXT = "【松鹤】登录码{digits}，10分钟内有效。请不要告诉任何人，工作人员也不会向您要。"


class TooOften(CodeError):
    """A limit is reached. It says the same of numbers that belong to nobody."""

    def __init__(self) -> None:
        super().__init__(
            "试的次数太多了，请过一会儿再试，或者到社区（村）、街道（镇）窗口请工作人员给您登录码。",
            "This was tried too often. Please wait a while, or ask for a code at the village or town office.",
        )


def send_code(*, key: str, phone: str | None, address: str) -> None:
    """A code by message to the telephone on file, or to that of a relative who may see the pages.

    `key` is that of the person's number, `phone` the relative's, None for the person. Nothing tells whether anybody
    was found: neither the answer nor the work done for it. Raises TooOften.
    """
    with transaction.atomic():
        if limits.too_often(Try.Kind.ASKED, key=key, address=address):
            raise TooOften
        limits.note(Try.Kind.ASKED, key=key, address=address)
        current = found_by(key)
        reader = reader_with(current, phone) if phone else (current and Reader(current.person))
        to = own_phone(current) if phone is None else phone
        if not isinstance(reader, Reader) or not to:
            _pretend(to or "00000000000")
            append(user=None, actor=NOBODY, action="code.refused")
            return
        division = _write(reader, to)
        subject = {"subject_kind": "person", "subject_id": str(reader.person.public_id)}
        append(user=None, actor=actor_of(reader), action="code.sent", division=division, **subject)


def give_code(*, user: User, person: Person, kinship: Kinship | None = None) -> str:
    """A code for whoever stands at the counter: the digits, known this once. Raises OutOfScope and CodeError."""
    with transaction.atomic():
        require(user, Action.CODE_GIVE, person)
        current = _must_be_open(person)
        if kinship is not None and (kinship.person_id not in group_of(person.pk) or not may_see(kinship)):
            raise CodeError(
                "此人不能查看：须登记为可代办人，并有老人对“家属查看待遇”的同意。",
                "This relative may not see the pages: record the power to act, and the person's consent, first.",
            )
        reader = Reader(person, kinship)
        digits = _make(reader, How.COUNTER, GIVEN_LASTS, user)
        limits.forgive(search_hash("resident_id", unseal("resident_id", current.resident_id)).hex())
        append(
            user=user,
            action="code.given",
            subject_kind="person",
            subject_id=str(person.public_id),
            division=division_of(person),
            details={"holder": actor_of(reader)},
        )
    return digits


def hash_of(code: Code, digits: str) -> str:
    """A million codes are soon tried without the key of the hash."""
    return search_hash("citizens.code", f"{code.salt}:{digits}").hex()


def _write(reader: Reader, phone: str) -> int | None:
    """The code and its message; the division (id) where the person belongs."""
    digits, division = _make(reader, How.SENT, SENT_LASTS, None), division_of(reader.person)
    put(kind=Kind.CODE, phone=phone, text=_TEXT.format(digits=digits), division=division, lasts=SENT_LASTS)
    return division


def _pretend(phone: str) -> None:
    """The same work for somebody who was not found, and nothing of it stays."""
    with transaction.atomic():
        _write(Reader(Person(pk=0)), phone)
        transaction.set_rollback(True)


def _make(reader: Reader, how: How, lasts: dt.timedelta, user: User | None) -> str:
    now = timezone.now()
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    # The one given last counts.
    Code.objects.filter(
        person__in=group_of(reader.person.pk), kinship=reader.kinship, ended_at=None, expires_at__gt=now
    ).update(ended_at=now)
    code = Code(
        person=reader.person, kinship=reader.kinship, how=how, given_by=user, created_at=now, expires_at=now + lasts
    )
    code.hash = hash_of(code, digits)
    code.save(force_insert=True)
    return digits


def _must_be_open(person: Person) -> CurrentPerson:
    current = CurrentPerson.objects.filter(pk=person.pk, person__merged_into=None).exclude(alive=False).first()
    if current is None:
        raise CodeError(
            "此档案已并入他人，或老人已去世，不能给登录码。", "The file was merged, or the person has died: no code."
        )
    if not current.resident_id:
        raise CodeError(
            "档案中没有公民身份号码，请先登记；登录时要用。",
            "Record the resident number first: signing in asks for it.",
        )
    return current
