"""What is known of an organisation on a day: the facts of the vocabulary's `institution`, resolved from its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet

from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import FactRecord, Organisation
from songhe.policy.factbook import Factbook
from songhe.rules.vocabulary import Fact, Value

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
    records: dict[int, list[tuple[str, str | None]]] = {}
    counting = _counting(known).filter(organisation__in=organisations.order_by(), valid_from__lte=day)
    for id, fact, value in counting.values_list("organisation_id", "fact", "value"):
        records.setdefault(id, []).append((fact, value))
    return {id: BOOK.resolve(some) for id, some in records.items()}


def standing(organisation: Organisation, known: dt.datetime | None = None) -> list[FactRecord]:
    """The records that counted at a moment, by their beginnings, the later recorded last."""
    return list(_counting(known).filter(organisation=organisation))


def _counting(known: dt.datetime | None) -> QuerySet[FactRecord]:
    if known is None:
        records = FactRecord.objects.filter(retraction=None)
    else:
        records = FactRecord.objects.filter(recorded_at__lte=known).exclude(retraction__at__lte=known)
    return records.order_by("valid_from", "pk")
