"""Writing a message, and letting old ones go."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from songhe.common.fieldcrypto import seal
from songhe.outbox.models import FINAL, Kind, Message, State

# How long what was sent can still be looked into; a code is of no use to anybody afterwards and goes at once.
KEPT = dt.timedelta(days=7)
# A gateway may still be about to say what became of a message that it took in time.
_LATE = dt.timedelta(hours=1)


def put(*, kind: Kind, phone: str, text: str, division: int | None, lasts: dt.timedelta) -> Message:
    """A message to a telephone number, in the transaction of the caller: it is there exactly if the caller's work is.

    It is never handed out once it is older than `lasts`. `division` (id) is where the person belongs.
    """
    now = timezone.now()
    return Message.objects.create(
        kind=kind,
        division_id=division,
        phone=seal("outbox.phone", phone),
        text=seal("outbox.text", text),
        created_at=now,
        expires_at=now + lasts,
    )


@transaction.atomic
def let_go(*, now: dt.datetime) -> int:
    """End what is too old to be sent and erase what is not needed any more: the number of messages erased."""
    open_ones = Message.objects.filter(state__in=(State.WAITING, State.TAKEN), expires_at__lt=now - _LATE)
    open_ones.update(state=State.EXPIRED)
    over = Q(kind=Kind.CODE) | Q(created_at__lt=now - KEPT)
    return Message.objects.filter(over, state__in=FINAL, phone__isnull=False).update(phone=None, text=None)
