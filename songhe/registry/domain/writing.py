"""Opening a transaction of the registry: who writes, in what turn, under which number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.registry.models import CurrentPerson, Person, Transaction
from songhe.registry.sets import take_turn
from songhe.registry.sources import precedence


class AuthorError(ValueError):
    """A transaction that cannot begin: an unknown source, or a time out of order."""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who records (登记人), from which source and why.

    `source` is an id of `sources.yaml`. `codes_on` is the day whose division codes the statements use, today without
    one. `at` is for loading a history in its order: never in the future, never before what is recorded already.
    """

    user: User | None
    source: str
    reason: str = ""
    batch: str = ""
    codes_on: dt.date | None = None
    at: dt.datetime | None = None


@contextmanager
def writing(author: Author) -> Iterator[Transaction]:
    """A numbered transaction that is the last one of the registry until it ends. Raises AuthorError."""
    if author.source not in precedence().names:
        known = ", ".join(precedence().names)
        raise AuthorError(f"没有来源 {author.source}： There is no such source; known are {known}.")
    with transaction.atomic():
        take_turn()
        yield Transaction.objects.create(
            at=_time(author.at), user=author.user, source=author.source, reason=author.reason, batch=author.batch
        )


def day_of(number: Transaction) -> dt.date:
    """The day on which it is recorded, in the time zone of the settings."""
    return timezone.localdate(number.at)


def tell(by: Author, action: str, person: Person, details: Mapping[str, object]) -> None:
    """The line of the audit trail about one person's file: the last thing to do in a transaction."""
    places = (
        CurrentPerson.objects.filter(pk=person.pk).values_list("residence_division_id", "hukou_division_id").first()
    )
    residence, hukou = places or (None, None)
    append(
        user=by.user,
        action=action,
        subject_kind="person",
        subject_id=str(person.public_id),
        division=residence or hukou,
        details=details,
    )


def _time(wanted: dt.datetime | None) -> dt.datetime:
    last = Transaction.objects.order_by("-pk").values_list("at", flat=True).first()
    now = timezone.now()
    if wanted is None:
        # A clock that was set back must not mix up what was known when.
        return max(now, last) if last else now
    if wanted > now or (last and wanted < last):
        raise AuthorError(
            f"登记时间 {wanted:%F %T} 不在上一次登记与现在之间： "
            "The time of recording must lie between the last one and now."
        )
    return wanted
