"""Reading organisations within the viewer's reach."""

from __future__ import annotations

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.organisations.models import BankAccount, Contract, Delivery, Organisation


def organisations_for(viewer: User) -> QuerySet[Organisation]:
    """By name."""
    return visible(Organisation.objects.order_by("name", "pk"), viewer, Action.ORGANISATION_READ)


def contracts_for(viewer: User) -> QuerySet[Contract]:
    """Newest first."""
    found = Contract.objects.select_related("organisation").order_by("-valid_from", "-pk")
    return visible(found, viewer, Action.ORGANISATION_READ)


def deliveries_for(viewer: User) -> QuerySet[Delivery]:
    """Newest month first."""
    found = Delivery.objects.select_related("contract__organisation").order_by("-month", "-pk")
    return visible(found, viewer, Action.ORGANISATION_READ)


def account_of(organisation: Organisation) -> BankAccount | None:
    """The account to which it is paid: confirmed and not ended."""
    return BankAccount.objects.filter(organisation=organisation, confirmed_by__isnull=False, ended_by=None).first()
