"""Reading a file: as it was valid on one day and known on another, and how it came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from songhe.common import clock
from songhe.common.fieldcrypto import search_hash, unseal
from songhe.registry import resolve as rules
from songhe.registry.groups import group_of, survivors
from songhe.registry.models import (
    Consent,
    FactRecord,
    Kinship,
    Membership,
    Merge,
    Person,
    PersonKey,
    Transaction,
)
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
    """One line of a file's story: `kind` is recorded, retracted, consent, kin, household, merged or unmerged.

    `person` is the id of the file on which it was recorded, which can be one that was merged into this one. Of merged
    and unmerged, `subject` and `value` are the public ids of the file that went and of the one that stayed. `record` is
    the id of FactRecord where the event is about one.
    """

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
    person: int
    record: int | None = None


def transaction_at(moment: dt.datetime) -> int:
    """The number of the last transaction recorded up to a moment; 0 before the first."""
    last = Transaction.objects.filter(at__lte=moment).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def file_as_of(
    person: Person, *, valid_on: dt.date | None = None, known_at: dt.datetime | int | None = None
) -> dict[str, Resolved]:
    """The known facts of a person as valid on a day (today) and known at a moment or transaction (now), by fact.

    A fact that is absent is unknown. Sealed facts are masked; `domain.reveal` shows them. Files that counted as one
    person's then are read as one, whichever of them is asked for; before a merge, each for itself.
    """
    number = transaction_at(known_at) if isinstance(known_at, dt.datetime) else known_at
    stated = FactRecord.objects.filter(person__in=group_of(person.pk, known_at=number))
    records = {record.pk: record for record in stated.select_related("transaction", "retraction")}
    verdicts = rules.resolve(
        map(_plain, records.values()),
        valid_on=valid_on or clock.today(),
        known_at=number,
        precedence=precedence(),
    )
    return {fact: _resolved(fact, verdict, records[verdict.record.id]) for fact, verdict in verdicts.items()}


def timeline(person: Person) -> list[Event]:
    """Everything that was ever recorded about a person, oldest first; what was retracted stays in it.

    Files that count as one person's today are told as one.
    """
    people = group_of(person.pk)
    events = [*_record_events(people), *_family_events(people), *_merge_events(people)]
    return sorted(events, key=lambda event: event.transaction)


def find_by_key(kind: str, text: str) -> list[int]:
    """Ids of the people of whom a resident number, telephone or account was ever stated. Raises StatementError.

    For whoever was merged into another, that one answers.
    """
    value = to_text(kind, text)
    if not personal_facts()[kind].key or value is None:
        raise ValueError(f"people are not found by {kind}")
    keys = PersonKey.objects.filter(kind=kind, hash=search_hash(kind, value).hex())
    return sorted(survivors(list(keys.values_list("person_id", flat=True))))


def consents(person: Person, *, on: dt.date | None = None) -> dict[str, bool]:
    """What the person agrees to on a day (today), by matter; an absent matter was never answered."""
    said = Consent.objects.filter(person__in=group_of(person.pk), on__lte=on or clock.today())
    return dict(said.order_by("on", "recorded_in_id", "pk").values_list("matter", "given"))


def kin(person: Person) -> QuerySet[Kinship]:
    """Who stands or stood by a person, in the order of recording."""
    return Kinship.objects.filter(person__in=group_of(person.pk)).select_related("relative").order_by("pk")


def memberships(person: Person) -> QuerySet[Membership]:
    """The households a person belongs or belonged to, in the order of recording."""
    return Membership.objects.filter(person__in=group_of(person.pk)).order_by("pk")


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


def _record_events(people: list[int]) -> Iterator[Event]:
    related = ("transaction__user", "retraction__transaction__user")
    for record in FactRecord.objects.filter(person__in=people).select_related(*related):
        span = (record.valid_from, record.valid_to)
        whose = record.person_id
        said = (record.fact, shown(record), span, whose, record.source, record.pk)
        yield _event(record.transaction, "recorded", *said)
        retraction = getattr(record, "retraction", None)
        if retraction is not None:
            yield _event(retraction.transaction, "retracted", *said)


def _family_events(people: list[int]) -> Iterator[Event]:
    theirs = Q(person__in=people)
    for said in Consent.objects.filter(theirs).select_related("recorded_in__user"):
        yield _event(said.recorded_in, "consent", said.matter, said.given, (said.on, None), said.person_id)
    for kinship in Kinship.objects.filter(theirs).select_related("recorded_in__user", "ended_in__user"):
        yield from _span_events(kinship, "kin", kinship.kind, kinship.name or kinship.relation)
    for member in Membership.objects.filter(theirs).select_related("recorded_in__user", "ended_in__user"):
        yield from _span_events(member, "household", str(member.household_id), True)


def _merge_events(people: list[int]) -> Iterator[Event]:
    merges = Merge.objects.filter(Q(person__in=people) | Q(into__in=people))
    for merge in merges.select_related("person", "into", "made_in__user", "undone_in__user"):
        for kind, number in (("merged", merge.made_in), ("unmerged", merge.undone_in)):
            if number is not None:
                gone, stayed = str(merge.person.public_id), str(merge.into.public_id)
                yield _event(number, kind, gone, stayed, (None, None), merge.person_id)


def _span_events(row: Kinship | Membership, kind: str, subject: str, value: Value) -> Iterator[Event]:
    yield _event(row.recorded_in, kind, subject, value, (row.valid_from, None), row.person_id)
    if row.ended_in is not None:
        yield _event(row.ended_in, kind, subject, None, (row.valid_from, row.valid_to), row.person_id)


def _event(
    number: Transaction,
    kind: str,
    subject: str,
    value: Value | None,
    span: tuple[dt.date | None, dt.date | None],
    person: int,
    source: str = "",
    record: int | None = None,
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
        person=person,
        record=record,
    )
