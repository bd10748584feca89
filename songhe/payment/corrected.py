"""Of lines that came back: for whom an account was stated since, so that they can be paid again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Max, QuerySet

from songhe.organisations.models import BankAccount
from songhe.payment.models import Answer, Payee, PaymentLine
from songhe.payment.parties import Party, of_organisation, organisations_among, people_among
from songhe.registry.groups import groups_of
from songhe.registry.models import FactRecord

_OWN = "bank_account"


def corrected(lines: Iterable[PaymentLine]) -> set[int]:
    """Ids of those lines; as many queries for one as for many. `domain.reissuing` asks the same of a batch."""
    shown = list(lines)
    groups = groups_of([line.person_id for line in shown if line.person_id is not None])
    parties = {line.pk: _party(line, groups.survivor_of) for line in shown}
    people = people_among(parties.values())
    everybody = {one: one for one in people} | groups.merged_into(people)
    stated: dict[Party, dt.datetime] = {}
    for party, at in [*_people(everybody), *_organisations(organisations_among(parties.values()))]:
        stated[party] = max(at, stated.get(party, at))
    back = Answer.objects.filter(line__in=shown, outcome=Answer.Outcome.BOUNCED).values_list("line", "at")
    return {line for line, at in back if parties[line] in stated and stated[parties[line]] > at}


def _party(line: PaymentLine, survivor_of: Mapping[int, int]) -> Party:
    if line.person_id is None:
        assert line.organisation_id is not None
        return of_organisation(line.organisation_id)
    return survivor_of.get(line.person_id, line.person_id)


def _people(survivor_of: dict[int, int]) -> Iterator[tuple[Party, dt.datetime]]:
    """When an account was last stated of each person, or a payee approved."""
    said = FactRecord.objects.filter(fact=_OWN, value__isnull=False, retraction=None)
    approved = Payee.objects.filter(approved_at__isnull=False, ended_by=None)
    for found in (_last(said, survivor_of, "transaction__at"), _last(approved, survivor_of, "approved_at")):
        yield from ((survivor_of[person], at) for person, at in found)


def _last(rows: QuerySet[Any], people: Collection[int], moment: str) -> list[tuple[int, dt.datetime]]:
    mine = rows.filter(person__in=list(people)).order_by()
    return list(mine.values_list("person").annotate(last=Max(moment)))


def _organisations(ids: Collection[int]) -> Iterator[tuple[Party, dt.datetime]]:
    held = BankAccount.objects.filter(organisation__in=ids, confirmed_by__isnull=False, ended_by=None)
    return ((of_organisation(one), at) for one, at in held.values_list("organisation", "confirmed_at"))
