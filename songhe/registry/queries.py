"""Reading a file: as it was valid on one day and known on another, and how it came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from songhe.common.fieldcrypto import search_hash, unseal
from songhe.registry import resolve as rules
from songhe.registry.models import Consent, FactRecord, Kinship, Membership, Person, PersonKey, Transaction
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import from_text, is_sealed, personal_facts, to_text
from songhe.rules.vocabulary import Value


@dataclass(frozen=True)
class Resolved:
    """What holds for a fact: a typed value (a sealed one masked), who said it and when it was recorded.

    `record` is the id of FactRecord; `conflict` says that sources disagree.
    """

    value: Value
    source: str
    record: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    transaction: int
    recorded_at: dt.datetime
    conflict: bool


@dataclass(frozen=True)
class Event:
    """One line of a file's story: `kind` is recorded, retracted, consent, kin or household."""

    at: dt.datetime
    transaction: int
    kind: str
    subject: str
    value: Value | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: str
    user: str
    reason: str


def transaction_at(moment: dt.datetime) -> int:
    """The number of the last transaction recorded up to a moment; 0 before the first."""
    last = Transaction.objects.filter(at__lte=moment).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def file_as_of(
    person: Person, *, valid_on: dt.date | None = None, known_at: dt.datetime | int | None = None
) -> dict[str, Resolved]:
    """The known facts of a person as valid on a day (today) and known at a moment or transaction (now), by fact.

    A fact that is absent is unknown. Sealed facts are masked; `domain.reveal` shows them.
    """
    number = transaction_at(known_at) if isinstance(known_at, dt.datetime) else known_at
    records = {record.pk: record for record in person.records.select_related("transaction", "retraction")}
    verdicts = rules.resolve(
        map(_plain, records.values()),
        valid_on=valid_on or timezone.localdate(),
        known_at=number,
        precedence=precedence(),
    )
    return {fact: _resolved(fact, verdict, records[verdict.record.id]) for fact, verdict in verdicts.items()}


def timeline(person: Person) -> list[Event]:
    """Everything that was ever recorded about a person, oldest first; what was retracted stays in it."""
    events = [*_record_events(person), *_family_events(person)]
    return sorted(events, key=lambda event: event.transaction)


def find_by_key(kind: str, text: str) -> list[int]:
    """Ids of the people of whom a resident number, telephone or account was ever stated. Raises StatementError."""
    value = to_text(kind, text)
    if not personal_facts()[kind].key or value is None:
        raise ValueError(f"people are not found by {kind}")
    keys = PersonKey.objects.filter(kind=kind, hash=search_hash(kind, value).hex())
    return list(keys.order_by("person_id").values_list("person_id", flat=True))


def consents(person: Person, *, on: dt.date | None = None) -> dict[str, bool]:
    """What the person agrees to on a day (today), by matter; an absent matter was never answered."""
    said = Consent.objects.filter(person=person, on__lte=on or timezone.localdate())
    return dict(said.order_by("on", "recorded_in_id", "pk").values_list("matter", "given"))


def _plain(record: FactRecord) -> rules.Record:
    retraction = getattr(record, "retraction", None)
    return rules.Record(
        id=record.pk,
        fact=record.fact,
        value=record.value,
        source=record.source,
        transaction=record.transaction_id,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        retracted_in=retraction and retraction.transaction_id,
    )


def _resolved(fact: str, verdict: rules.Verdict, record: FactRecord) -> Resolved:
    # A death known by its date alone is told by the record of another fact.
    value = from_text(fact, verdict.value) if record.fact != fact else shown(record)
    assert value is not None
    return Resolved(
        value=value,
        source=record.source,
        record=record.pk,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        transaction=record.transaction_id,
        recorded_at=record.transaction.at,
        conflict=verdict.conflict,
    )


def shown(record: FactRecord) -> Value | None:
    """A record's value as a screen may show it: typed, or masked when it is sealed; None withdraws to unknown."""
    if not is_sealed(record.fact):
        return from_text(record.fact, record.value)
    return None if record.sealed is None else personal_facts()[record.fact].masked(unseal(record.fact, record.sealed))


def _record_events(person: Person) -> Iterator[Event]:
    related = ("transaction__user", "retraction__transaction__user")
    for record in person.records.select_related(*related):
        span = (record.valid_from, record.valid_to)
        yield _event(record.transaction, "recorded", record.fact, shown(record), span, record.source)
        retraction = getattr(record, "retraction", None)
        if retraction is not None:
            yield _event(retraction.transaction, "retracted", record.fact, shown(record), span, record.source)


def _family_events(person: Person) -> Iterator[Event]:
    for consent in Consent.objects.filter(person=person).select_related("recorded_in__user"):
        yield _event(consent.recorded_in, "consent", consent.matter, consent.given, (consent.on, None))
    for kinship in Kinship.objects.filter(person=person).select_related("recorded_in__user", "ended_in__user"):
        yield from _span_events(kinship, "kin", kinship.kind, kinship.name or kinship.relation)
    for member in Membership.objects.filter(person=person).select_related("recorded_in__user", "ended_in__user"):
        yield from _span_events(member, "household", str(member.household_id), True)


def _span_events(row: Kinship | Membership, kind: str, subject: str, value: Value) -> Iterator[Event]:
    yield _event(row.recorded_in, kind, subject, value, (row.valid_from, None))
    if row.ended_in is not None:
        yield _event(row.ended_in, kind, subject, None, (row.valid_from, row.valid_to))


def _event(
    number: Transaction,
    kind: str,
    subject: str,
    value: Value | None,
    span: tuple[dt.date | None, dt.date | None],
    source: str = "",
) -> Event:
    return Event(
        at=number.at,
        transaction=number.pk,
        kind=kind,
        subject=subject,
        value=value,
        valid_from=span[0],
        valid_to=span[1],
        source=source or number.source,
        user=number.user.display_name if number.user else "",
        reason=number.reason,
    )
