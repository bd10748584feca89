"""Where sources disagree (来源冲突): whose files, about what, and what each of them says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.pages.keyset import Window, window
from songhe.registry.groups import groups_of
from songhe.registry.models import CurrentPerson, FactRecord
from songhe.registry.queries import shown
from songhe.registry.sources import precedence
from songhe.rules.vocabulary import Value

SIZE = 50


@dataclass(frozen=True)
class Claim:
    """What a source says today about a fact; `record` is the id of FactRecord, a sealed value is masked."""

    record: int
    source: str
    value: Value
    valid_from: dt.date | None
    valid_to: dt.date | None
    recorded_at: dt.datetime


@dataclass(frozen=True)
class Disputed:
    """A person with the facts in dispute, and every source's claim about each, the most trusted source first."""

    person: CurrentPerson
    claims: Mapping[str, Sequence[Claim]]


def disputed(user: User, *, fact: str = "", cursor: str = "") -> Window[Disputed]:
    """People within reach of whom sources disagree, about one fact or any, in the order of their files."""
    rows = CurrentPerson.objects.filter(~Q(conflicts="")).select_related("person")
    if fact:
        rows = rows.filter(conflicts__contains=f",{fact},")
    seen = visible(rows, user, Action.CONFLICT_SETTLE, in_passing=True)
    found = window(seen, by="person_id", pk="person_id", cursor=cursor, size=SIZE)
    return Window(claims_of(found.rows, fact=fact), found.before, found.after)


def claims_of(people: Sequence[CurrentPerson], *, fact: str = "") -> list[Disputed]:
    """What is said of these people about the facts in which sources disagree."""
    facts = {row.pk: facts_in_conflict(row) for row in people}
    wanted = {fact} if fact else {one for names in facts.values() for one in names}
    said = _said([row.pk for row in people], wanted)
    return [
        Disputed(row, {one: said.get((row.pk, one), []) for one in facts[row.pk] if one in wanted}) for row in people
    ]


def facts_in_conflict(row: CurrentPerson) -> list[str]:
    return [fact for fact in row.conflicts.split(",") if fact]


def _said(people: Sequence[int], facts: set[str]) -> dict[tuple[int, str], list[Claim]]:
    merged = groups_of(people).merged_into(people) if people else {}
    latest: dict[tuple[int, str, str], FactRecord] = {}
    for record in _records([*people, *merged], facts):
        key = (merged.get(record.person_id, record.person_id), record.fact, record.source)
        if key not in latest or _recency(record) > _recency(latest[key]):
            latest[key] = record
    ranks = precedence().ranks
    claims: dict[tuple[int, str], list[Claim]] = {}
    for (person, fact, _), record in sorted(latest.items(), key=lambda item: ranks[item[0][1]][item[0][2]]):
        if (value := shown(record)) is not None:
            claims.setdefault((person, fact), []).append(_claim(record, value))
    return claims


def _records(people: Sequence[int], facts: set[str]) -> Iterator[FactRecord]:
    """Those that count today."""
    today = clock.today()
    begun = Q(valid_from=None) | Q(valid_from__lte=today)
    lasting = Q(valid_to=None) | Q(valid_to__gte=today)
    records = FactRecord.objects.filter(begun, lasting, person__in=people, fact__in=facts, retraction=None)
    return iter(records.select_related("transaction"))


def _recency(record: FactRecord) -> tuple[dt.date, int, int]:
    return (record.valid_from or dt.date.min, record.transaction_id, record.pk)


def _claim(record: FactRecord, value: Value) -> Claim:
    return Claim(record.pk, record.source, value, record.valid_from, record.valid_to, record.transaction.at)
