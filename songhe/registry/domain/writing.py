"""Opening a transaction of the registry: who writes, in what turn, under which number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.common import clock
from songhe.registry.models import CurrentPerson, Person, Transaction
from songhe.registry.projection import is_loading
from songhe.registry.sets import take_turn
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import StatementError


class AuthorError(ValueError):
    """A transaction that cannot begin: an unknown source, or a time out of order."""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who records (登记人), from which source and why.

    `source` is an id of `sources/precedence.yaml`. `codes_on` is the day whose division codes the statements use, today
    without one. `actor` names who it was where there is no user. `at` is for loading a history in its order: never in
    the future, never before what is recorded already.
    """

    user: User | None
    source: str
    reason: str = ""
    batch: str = ""
    codes_on: dt.date | None = None
    actor: str = ""
    at: dt.datetime | None = None


@contextmanager
def writing(author: Author) -> Iterator[Transaction]:
    """A numbered transaction that is the last one of the registry until it ends. Raises AuthorError."""
    if author.source not in precedence().names:
        known = ", ".join(precedence().names)
        raise AuthorError(f"没有来源 {author.source}： There is no such source; known are {known}.")
    # A long load makes no savepoints: see `project_at_end`.
    with transaction.atomic(savepoint=not is_loading()):
        take_turn()
        yield Transaction.objects.create(
            at=_time(author.at), user=author.user, source=author.source, reason=author.reason, batch=author.batch
        )


def day_of(number: Transaction) -> dt.date:
    """The day on which it is recorded, in the time zone of the settings."""
    return timezone.localdate(number.at)


def tell(by: Author, action: str, person: Person, details: Mapping[str, object]) -> None:
    """The line of the audit trail about one person's file: the last thing to do in a transaction."""
    append(
        user=by.user,
        actor=by.actor,
        action=action,
        subject_kind="person",
        subject_id=str(person.public_id),
        division=division_of(person),
        details=details,
    )


def division_of(person: Person) -> int | None:
    """Where the person's file lies today; None when that is unknown."""
    rows = CurrentPerson.objects.filter(pk=person.merged_into_id or person.pk)
    residence, hukou = rows.values_list("residence_division_id", "hukou_division_id").first() or (None, None)
    return residence or hukou


def must_stand(people: Collection[int]) -> None:
    """Raises StatementError when one of these (ids) has no file, or was merged into another."""
    if not people:
        return
    there = set(Person.objects.filter(pk__in=people, merged_into=None).values_list("pk", flat=True))
    if not (missing := set(people) - there):
        return
    person = min(missing)
    survivor = Person.objects.filter(merged=person).values_list("public_id", flat=True).first()
    if survivor is None:
        raise StatementError("person", f"没有档案 {person}。", f"There is no file {person}.")
    raise StatementError(
        "person",
        f"档案 {person} 已并入 {survivor}，请在该档案登记。",
        f"The file {person} was merged into {survivor}: record it there.",
    )


def _time(wanted: dt.datetime | None) -> dt.datetime:
    last = Transaction.objects.order_by("-pk").values_list("at", flat=True).first()
    now = clock.now()
    if wanted is None:
        # A clock that was set back must not mix up what was known when.
        return max(now, last) if last else now
    if wanted > now or (last and wanted < last):
        raise AuthorError(
            f"登记时间 {wanted:%F %T} 不在上一次登记与现在之间： "
            "The time of recording must lie between the last one and now."
        )
    return wanted
