"""What is known of an organisation on a day: the facts of the vocabulary's `institution`, resolved from its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Model, QuerySet

from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import FactRecord, Organisation
from songhe.policy.factbook import Factbook
from songhe.rules.vocabulary import Fact, Value

R = TypeVar("R", bound=Model)
SUBJECT = "institution"
BOOK = Factbook(SUBJECT, OrganisationError)
# Raise OrganisationError for a fact that there is not, and for what a fact cannot be.
fact_of, to_text, from_text = BOOK.fact, BOOK.to_text, BOOK.from_text


def vocabulary() -> Mapping[str, Fact]:
    """The facts that rules read of an institution, in the order of `policies/cn/facts.yaml`."""
    return BOOK.facts


def facts_on(organisation: Organisation, day: dt.date, known: dt.datetime | None = None) -> dict[str, Value]:
    """What was valid on a day, as known at a moment (now without one): for each fact the latest beginning wins.

    Among records that begin on one day the later recorded wins. What is unknown is not in it.
    """
    records = standing(organisation, known)
    return BOOK.resolve((one.fact, one.value) for one in records if one.valid_from <= day)


def facts_of_all(
    organisations: QuerySet[Organisation], day: dt.date, known: dt.datetime | None = None
) -> dict[int, dict[str, Value]]:
    """As `facts_on`, of many at once, by their ids; who has no record has no facts."""
    about = FactRecord.objects.filter(organisation__in=organisations.order_by())
    return resolved(about, "organisation_id", BOOK, day, known)


def standing(organisation: Organisation, known: dt.datetime | None = None) -> list[FactRecord]:
    """The records that counted at a moment, by their beginnings, the later recorded last."""
    return list(counting(FactRecord.objects.filter(organisation=organisation), known))


def counting(records: QuerySet[R], known: dt.datetime | None = None) -> QuerySet[R]:
    """Of records of facts, also of other things, those that counted at a moment, by their beginnings, the later
    recorded last.
    """
    if known is None:
        found = records.filter(retraction=None)
    else:
        found = records.filter(recorded_at__lte=known).exclude(retraction__at__lte=known)
    return found.order_by("valid_from", "pk")


def resolved(
    records: QuerySet[R], of: str, book: Factbook, day: dt.date, known: dt.datetime | None = None
) -> dict[int, dict[str, Value]]:
    """What was valid on a day of each thing that records are about, by its id in the column `of`."""
    told: dict[int, list[tuple[str, str | None]]] = {}
    for id, fact, value in counting(records, known).filter(valid_from__lte=day).values_list(of, "fact", "value"):
        told.setdefault(id, []).append((fact, value))
    return {id: book.resolve(some) for id, some in told.items()}
