"""To which account a person's money goes today: a payee's when one is approved, else the person's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import Q

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.common.fieldcrypto import seal, search_hash, unseal
from songhe.divisions.models import Division
from songhe.payment.domain.payees import FIELD, sealed_account
from songhe.payment.domain.posting import writing
from songhe.payment.models import Payee, PayingAccount
from songhe.payment.storing import rows_of
from songhe.registry.groups import all_groups
from songhe.registry.sets import among_sql

_OWN = "bank_account"


class Target(NamedTuple):
    """Name and sealed account as a line keeps them; `since` is when this account was stated, None when unknown."""

    name: str
    account: bytes
    hash: str
    payee: int | None
    since: dt.datetime | None = None


def targets(people: Collection[int]) -> dict[int, Target]:
    """By person (ids of survivors); who has no account or no name is not in it."""
    found = dict(_own(people))
    found.update((person, target) for person, target in _payees() if person in people)
    return found


def _own(people: Collection[int]) -> Iterator[tuple[int, Target]]:
    among, parameter = among_sql("person_id", list(people))
    statement = (
        f"SELECT person_id, name, bank_account FROM registry_currentperson WHERE {among} "
        "AND name IS NOT NULL AND bank_account IS NOT NULL"
    )
    for person, name, sealed in rows_of(statement, [parameter]):
        number = unseal(_OWN, sealed)
        yield person, Target(name, seal(FIELD, number), search_hash(_OWN, number).hex(), None)


def _payees() -> Iterator[tuple[int, Target]]:
    today = clock.today()
    survivor = all_groups().survivor_of
    held = Payee.objects.filter(approved_by__isnull=False, ended_by=None, valid_from__lte=today)
    for payee in held.filter(Q(valid_to=None) | Q(valid_to__gte=today)).order_by("approved_at", "pk"):
        person = survivor.get(payee.person_id, payee.person_id)
        yield person, Target(payee.name, bytes(payee.account), payee.account_hash, payee.pk, payee.approved_at)


def stated_since(people: Collection[int], moment: dt.datetime) -> set[int]:
    """Those of whom an account was stated after a moment (ids of survivors)."""
    survivor = all_groups().survivor_of
    among, parameter = among_sql("r.person_id", [*people, *all_groups().merged_into(people)])
    statement = (
        "SELECT DISTINCT r.person_id FROM registry_factrecord r JOIN registry_transaction t ON t.id = r.transaction_id "
        f"LEFT JOIN registry_retraction x ON x.record_id = r.id WHERE {among} AND r.fact = %s AND t.at > %s "
        "AND r.value IS NOT NULL AND x.record_id IS NULL"
    )
    stated = {person for (person,) in rows_of(statement, [parameter, _OWN, moment])}
    approved = Payee.objects.filter(approved_at__gt=moment, ended_by=None).values_list("person_id", flat=True)
    return {survivor.get(person, person) for person in stated | set(approved)} & set(people)


def open_paying_account(*, by: User, division: Division, name: str, bank: str, account: str) -> PayingAccount:
    """An account from which an office pays. Raises OutOfScope, StatementError for an account that is none."""
    require_division(by, Action.PAYMENT_APPROVE, division.pk)
    with writing():
        sealed, _ = sealed_account(account)
        made = PayingAccount.objects.create(division=division, name=name, bank=bank, account=sealed)
        append(
            user=by,
            action="fund.account_opened",
            subject_kind="paying_account",
            subject_id=made.pk,
            division=division,
            details={"name": name, "bank": bank},
        )
    return made
