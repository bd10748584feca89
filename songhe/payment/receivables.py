"""Recoveries (追回) that are still receivable, within a viewer's reach."""

from __future__ import annotations

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.payment.models import Account, Claim, Posting

_ON_IT = (
    Posting.objects.filter(claim=OuterRef("pk"), account__kind=Account.Kind.RECOVERY)
    .order_by()
    .values("claim")
    .annotate(total=Sum("fen"))
    .values("total")
)


def recoveries_for(viewer: User) -> QuerySet[Claim]:
    """All recoveries, settled ones too, with `left` fen still receivable."""
    taken = Claim.objects.filter(fen__lt=0)
    left = Coalesce(Subquery(_ON_IT, output_field=BigIntegerField()), 0)
    return visible(taken, viewer, Action.PAYMENT_READ).annotate(left=left).order_by("pk")


def open_recoveries(viewer: User) -> QuerySet[Claim]:
    """Those of which something is left."""
    return recoveries_for(viewer).filter(left__gt=0)
