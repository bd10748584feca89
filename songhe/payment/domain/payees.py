"""Payees other than the elder (代收人): with a reason, and approved by a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.common.fieldcrypto import seal, search_hash
from songhe.payment.errors import PaymentError
from songhe.payment.models import Payee
from songhe.registry.domain.writing import division_of, must_stand
from songhe.registry.models import Person
from songhe.registry.vocabulary import to_text

# What the sealed account of a payee and of a payment line is bound to.
FIELD = "payment_account"
_KIND = "bank_account"


def sealed_account(number: str) -> tuple[bytes, str]:
    """An account as it is kept: sealed, and the hash by which equal accounts are known. Raises StatementError."""
    text = to_text(_KIND, number)
    assert text is not None
    return seal(FIELD, text), search_hash(_KIND, text).hex()


def state_payee(
    *,
    by: User,
    person: Person,
    name: str,
    relation: str,
    reason: str,
    account: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
) -> Payee:
    """Somebody who is to receive a person's money; counts for nothing until another user approves it.

    Raises OutOfScope, PaymentError for what is missing, and StatementError for an account that is none.
    """
    require(by, Action.PAYMENT_MAKE, person)
    if not (name.strip() and relation.strip() and reason.strip()):
        raise PaymentError("请填写户名、关系和事由。", "Give the name, the relation and the reason.")
    if valid_to is not None and valid_to < valid_from:
        raise PaymentError("止日早于起日。", "The last day lies before the first.")
    sealed, hash = sealed_account(account)
    with transaction.atomic():
        must_stand([person.pk])
        payee = Payee.objects.create(
            person=person,
            name=name.strip(),
            relation=relation.strip(),
            reason=reason.strip(),
            account=sealed,
            account_hash=hash,
            valid_from=valid_from,
            valid_to=valid_to,
            stated_by=by,
        )
        _tell(by, "payee.stated", payee)
    return payee


def approve_payee(*, by: User, payee: Payee) -> None:
    """The payee counts from now on; the one before ends. Raises PaymentError for whoever stated it."""
    require(by, Action.PAYMENT_CHECK, payee)
    with transaction.atomic():
        stated = Payee.objects.select_for_update().get(pk=payee.pk)
        if stated.stated_by_id == by.pk:
            raise PaymentError("登记人不能复核自己登记的代收人。", "Whoever stated a payee cannot approve it.")
        if stated.approved_by_id or stated.ended_by_id:
            raise PaymentError("此代收人已复核或已终止。", "The payee was approved or ended before.")
        Payee.objects.filter(person=stated.person, ended_by=None).exclude(approved_by=None).update(ended_by=by)
        Payee.objects.filter(pk=payee.pk).update(approved_by=by, approved_at=clock.now())
        _tell(by, "payee.approved", stated)


def end_payee(*, by: User, payee: Payee) -> None:
    """The person's money goes to the person again. Raises PaymentError when it was ended before."""
    require(by, Action.PAYMENT_MAKE, payee)
    with transaction.atomic():
        if not Payee.objects.filter(pk=payee.pk, ended_by=None).update(ended_by=by):
            raise PaymentError("此代收人已终止。", "The payee was ended before.")
        _tell(by, "payee.ended", payee)


def _tell(by: User, action: str, payee: Payee) -> None:
    append(
        user=by,
        action=action,
        subject_kind="person",
        subject_id=str(payee.person.public_id),
        division=division_of(payee.person),
        details={"payee": payee.pk, "reason": payee.reason},
    )
