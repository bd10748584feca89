"""To which account money goes today.

A person's: a payee's when one is approved, else the person's own. An organisation's: the one that was confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.common import clock
from songhe.common.fieldcrypto import seal, search_hash, unseal
from songhe.divisions.models import Division
from songhe.organisations.domain.accounts import FIELD as ORGANISATION_FIELD
from songhe.organisations.models import BankAccount
from songhe.payment.domain.payees import FIELD, sealed_account
from songhe.payment.domain.posting import writing
from songhe.payment.models import Payee, PayingAccount
from songhe.payment.parties import Party, of_organisation, organisations_among, people_among
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


def targets(parties: Collection[Party]) -> dict[Party, Target]:
    """By party; who has no account or no name is not in it."""
    found = dict(_own(people_among(parties)))
    found.update((person, target) for person, target in _payees() if person in parties)
    found.update(_organisations(organisations_among(parties)))
    return found


def _organisations(ids: Collection[int]) -> Iterator[tuple[Party, Target]]:
    for held in _confirmed(ids) if ids else ():
        sealed = seal(FIELD, unseal(ORGANISATION_FIELD, held.account))
        yield (
            of_organisation(held.organisation_id),
            Target(held.name, sealed, held.account_hash, None, held.confirmed_at),
        )


def _confirmed(ids: Collection[int]) -> QuerySet[BankAccount]:
    return BankAccount.objects.filter(organisation__in=ids, confirmed_by__isnull=False, ended_by=None)


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


def stated_since(parties: Collection[Party], moment: dt.datetime) -> set[Party]:
    """Those of whom an account was stated, or confirmed where that is needed, after a moment."""
    newly = _confirmed(organisations_among(parties)).filter(confirmed_at__gt=moment)
    organisations = {of_organisation(id) for id in newly.values_list("organisation_id", flat=True)}
    return organisations | _people_stated_since(people_among(parties), moment)


def _people_stated_since(people: Collection[int], moment: dt.datetime) -> set[int]:
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
