"""The account of an organisation: stated by one, confirmed by another, sealed at rest."""

from __future__ import annotations

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.common.fieldcrypto import seal, search_hash
from songhe.organisations.domain.registering import tell
from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import BankAccount, Organisation
from songhe.registry.vocabulary import StatementError, to_text

# What the sealed account is bound to.
FIELD = "organisation_account"
KIND = "bank_account"


def state_account(*, by: User, organisation: Organisation, name: str, account: str, document: str) -> BankAccount:
    """An account that counts for nothing until another user confirms it.

    Raises OutOfScope, and OrganisationError for what is missing or no account.
    """
    require(by, Action.ORGANISATION_WRITE, organisation)
    if not (name.strip() and document.strip()):
        raise OrganisationError("请填写户名和依据。", "Give the name on the account and the document.")
    try:
        number = to_text(KIND, account)
    except StatementError as error:
        raise OrganisationError(error.zh, error.en) from None
    assert number is not None
    with transaction.atomic():
        made = BankAccount.objects.create(
            organisation=organisation,
            name=name.strip(),
            account=seal(FIELD, number),
            account_hash=search_hash(KIND, number).hex(),
            last_digits=number[-4:],
            document=document.strip(),
            stated_by=by,
        )
        tell(by, "organisation.account_stated", organisation, {"name": organisation.name, "account": made.pk})
    return made


def confirm_account(*, by: User, account: BankAccount) -> None:
    """It counts from now on; the one before ends. Raises OrganisationError for whoever stated it."""
    require(by, Action.ORGANISATION_WRITE, account)
    with transaction.atomic():
        # Who confirms two of them at once waits here.
        Organisation.objects.select_for_update().get(pk=account.organisation_id)
        stated = BankAccount.objects.get(pk=account.pk)
        if stated.stated_by_id == by.pk:
            raise OrganisationError("登记人不能复核自己登记的账户。", "Whoever stated an account cannot confirm it.")
        if stated.confirmed_by_id or stated.ended_by_id:
            raise OrganisationError("此账户已复核或已终止。", "The account was confirmed or ended before.")
        held = BankAccount.objects.filter(organisation=stated.organisation, ended_by=None)
        held.filter(confirmed_by__isnull=False).update(ended_by=by)
        BankAccount.objects.filter(pk=stated.pk).update(confirmed_by=by, confirmed_at=clock.now())
        details = {"name": stated.organisation.name, "account": stated.pk}
        tell(by, "organisation.account_confirmed", stated.organisation, details)
    account.refresh_from_db()


def end_account(*, by: User, account: BankAccount) -> None:
    """Nothing is paid to it any more. Raises OrganisationError when it was ended before."""
    require(by, Action.ORGANISATION_WRITE, account)
    with transaction.atomic():
        if not BankAccount.objects.filter(pk=account.pk, ended_by=None).update(ended_by=by):
            raise OrganisationError("此账户已终止。", "The account was ended before.")
        tell(by, "organisation.account_ended", account.organisation, {"name": account.organisation.name})
    account.refresh_from_db()
