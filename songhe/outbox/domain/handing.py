"""Handing messages to the operator's gateway: under a lease, so that two gateways never hold the same message."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, may, visible
from songhe.common.fieldcrypto import unseal
from songhe.outbox.models import Message, State

LEASE = dt.timedelta(minutes=2)
MOST = 200
# A gateway that takes and never reports must not ring somebody for ever.
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Taken:
    """A message in the clear: for the gateway, and for nobody else."""

    id: uuid.UUID
    kind: str
    phone: str
    text: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Batch:
    """What a gateway may send and report on until `until`, or until another one takes it."""

    lease: uuid.UUID
    until: dt.datetime
    messages: tuple[Taken, ...]


@dataclass(frozen=True)
class Report:
    """What became of a message that was taken under a lease; `error` is the gateway's own code."""

    id: uuid.UUID
    lease: uuid.UUID
    delivered: bool
    error: str = ""


Answer = Literal["recorded", "refused"]


@transaction.atomic
def take(*, user: User, number: int = MOST, lease: dt.timedelta = LEASE) -> Batch:
    """Up to so many messages of the user's divisions, those first that expire first; none that has expired.

    Raises OutOfScope for whoever is no gateway.
    """
    _must_be_gateway(user)
    now = timezone.now()
    held = Batch(uuid.uuid4(), now + lease, ())
    free = Q(state=State.WAITING) | Q(state=State.TAKEN, leased_until__lte=now, attempts__lt=MOST_ATTEMPTS)
    found = visible(Message.objects.filter(free, expires_at__gt=now), user, Action.MESSAGE_SEND)
    # Another gateway at the same moment takes the next ones.
    rows = list(found.order_by("expires_at", "pk").select_for_update(skip_locked=True)[: min(number, MOST)])
    if not rows:
        return held
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.TAKEN, taken_by=user, lease=held.lease, leased_until=held.until, attempts=F("attempts") + 1
    )
    append(user=user, action="message.taken", details={"count": len(rows)})
    return Batch(held.lease, held.until, tuple(map(_opened, rows)))


@transaction.atomic
def report(*, user: User, reports: Sequence[Report]) -> list[Answer]:
    """What became of messages, each answered in order; saying the same twice is recorded once.

    Refused is what was never taken under this lease by this user, or was taken by another since. Raises OutOfScope.
    """
    _must_be_gateway(user)
    now = timezone.now()
    written = {True: 0, False: 0}
    answers: list[Answer] = []
    for one in reports:
        mine = Message.objects.filter(public_id=one.id, lease=one.lease, taken_by=user)
        state = State.DELIVERED if one.delivered else State.FAILED
        changed = mine.filter(state=State.TAKEN).update(state=state, reported_at=now, error=one.error)
        written[one.delivered] += changed
        answers.append("recorded" if changed or mine.filter(state=state).exists() else "refused")
    if any(written.values()):
        details = {"delivered": written[True], "failed": written[False]}
        append(user=user, action="message.reported", details=details)
    return answers


def _must_be_gateway(user: User) -> None:
    if not may(user, Action.MESSAGE_SEND):
        raise OutOfScope("只有短信网关可以取走短信： Only a gateway takes messages.")


def _opened(row: Message) -> Taken:
    assert row.phone is not None and row.text is not None
    return Taken(
        row.public_id, row.kind, unseal("outbox.phone", row.phone), unseal("outbox.text", row.text), row.expires_at
    )
