"""Writing the audit trail, and proving that nobody wrote over it.

Writers take turns: each line holds the hash of the one before, so a writer waits until the one before it has committed.
Append last in a transaction, or everybody waits for the rest of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction

from songhe.accounts.chain import GENESIS, DetailError, Record, plain
from songhe.accounts.messages import known
from songhe.accounts.models import Entry, User
from songhe.common import clock
from songhe.divisions.models import Division

# Any number will do, as long as nobody else takes the same lock.
_LOCK = 7_305_241_994
_BATCH = 2_000
_SYSTEM = "系统"
_LONGEST = {name: Entry._meta.get_field(name).max_length for name in ("actor", "subject_kind", "subject_id")}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one line of the trail is to say; the user and the time are given once for all of them."""

    action: str
    subject_kind: str = ""
    subject_id: str | int = ""
    division: Division | int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def append(
    *,
    user: User | None,
    action: str,
    subject_kind: str = "",
    subject_id: str | int = "",
    division: Division | int | None = None,
    details: Mapping[str, Any] | None = None,
    actor: str = "",
) -> Entry:
    """One line at the end of the trail, in the transaction it is called in or one of its own.

    `actor` names who did it when there is no user (a job, an unknown name at sign-in). Details never hold what is
    encrypted at rest. Raises ValueError for an action without words and DetailError for what JSON cannot keep.
    """
    line = Line(
        action=action, subject_kind=subject_kind, subject_id=subject_id, division=division, details=details or {}
    )
    with transaction.atomic():
        entry = next(_chained(user, actor, (line,)))
        entry.save(force_insert=True)
    return entry


def append_many(*, user: User | None, lines: Iterable[Line], actor: str = "") -> int:
    """Lines in their order, all or none of them; the number written. The lines may be a generator of any length."""
    written = 0
    with transaction.atomic():
        entries = _chained(user, actor, lines)
        while batch := list(islice(entries, _BATCH)):
            written += len(Entry.objects.bulk_create(batch))
    return written


def _chained(user: User | None, actor: str, lines: Iterable[Line]) -> Iterator[Entry]:
    last, previous = _take_turn()
    name = actor or (f"{user.display_name}（{user.username}）" if user else _SYSTEM)
    now = clock.now()
    for sequence, line in enumerate(lines, last + 1):
        record = _record(line, user, name, sequence, now)
        hash = record.hash_after(previous)
        yield Entry(
            sequence=sequence,
            at=now,
            user_id=record.user,
            actor=record.actor,
            action=record.action,
            subject_kind=record.subject_kind,
            subject_id=record.subject_id,
            division_id=record.division,
            details=record.details,
            previous_hash=previous,
            hash=hash,
        )
        previous = hash


def _record(line: Line, user: User | None, actor: str, sequence: int, at: dt.datetime) -> Record:
    return Record(
        sequence=sequence,
        at=at,
        user=user.pk if user else None,
        actor=_short("actor", actor),
        action=known(line.action),
        subject_kind=_short("subject_kind", line.subject_kind),
        subject_id=_short("subject_id", str(line.subject_id)),
        division=line.division.pk if isinstance(line.division, Division) else line.division,
        details=plain(line.details),
    )


def _short(name: str, text: str) -> str:
    # PostgreSQL would refuse it, SQLite would not.
    if len(text) > _LONGEST[name]:
        raise DetailError(f"{name} of an audit line has at most {_LONGEST[name]} characters")
    return str(plain(text))


def _take_turn() -> tuple[int, str]:
    """The number and hash of the last line, which stays the last until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # SQLite has one writer at a time: every transaction begins IMMEDIATE.
    return head() or (0, GENESIS)


def head() -> tuple[int, str] | None:
    """Number and hash of the last line: kept outside the database, they show later that nothing was cut off."""
    last: tuple[int, str] | None = Entry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return last


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold: `kind` is missing, changed, unlinked or cut_off."""

    sequence: int
    kind: str


def verify(*, anchor: tuple[int, str] | None = None) -> Broken | None:
    """The first broken link of the whole trail, or None; `anchor` is what `head` said earlier.

    Without an anchor, nobody can tell a trail that lost its last lines from one that never had them.
    """
    number, previous = 0, GENESIS
    for number, entry in enumerate(Entry.objects.order_by("sequence").iterator(chunk_size=_BATCH), 1):
        kind = _fault(entry, number, previous)
        if kind is None and anchor is not None and number == anchor[0] and entry.hash != anchor[1]:
            kind = "changed"
        if kind:
            return Broken(number, kind)
        previous = entry.hash
    return Broken(number + 1, "cut_off") if anchor is not None and number < anchor[0] else None


def _fault(entry: Entry, number: int, previous: str) -> str | None:
    if entry.sequence != number:
        return "missing"
    record = Record(
        sequence=entry.sequence,
        at=entry.at,
        user=entry.user_id,
        actor=entry.actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        division=entry.division_id,
        details=entry.details,
    )
    if entry.hash != record.hash_after(entry.previous_hash):
        return "changed"
    return None if entry.previous_hash == previous else "unlinked"
