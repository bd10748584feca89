"""What is known of an organisation on a day: the facts of the vocabulary's `institution`, resolved from its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import FactRecord, Organisation
from songhe.policy.folders import BUILT_IN
from songhe.policy.load import load_package
from songhe.rules.vocabulary import Fact, Value

SUBJECT = "institution"
_TRUTHS = {"true": True, "false": False}


@cache
def vocabulary() -> Mapping[str, Fact]:
    """The facts that rules read of an institution, in the order of `policies/cn/facts.yaml`."""
    return load_package(str(BUILT_IN / "cn")).vocabularies[SUBJECT].facts


def fact_of(name: str) -> Fact:
    """Raises OrganisationError for a fact that there is not."""
    if name not in vocabulary():
        raise OrganisationError(f"没有这项事实：{name}。", f"There is no such fact: {name}.")
    return vocabulary()[name]


def to_text(name: str, raw: Any) -> str | None:
    """A value in the one form it is stored in; None stays None (unknown). Takes numbers and truths as texts too.

    Raises OrganisationError for what the fact cannot be.
    """
    if raw is None:
        return None
    fact = fact_of(name)
    try:
        value = fact.read(_typed(fact, raw))
    except ValueError as error:
        raise OrganisationError(f"{fact.label.zh}的值有误。", f"{fact.label.en}: {error}.") from None
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_text(name: str, text: str | None) -> Value | None:
    """What `to_text` wrote, typed again."""
    return None if text is None else fact_of(name).read(_typed(fact_of(name), text))


def facts_on(organisation: Organisation, day: dt.date, known: dt.datetime | None = None) -> dict[str, Value]:
    """What was valid on a day, as known at a moment (now without one): for each fact the latest beginning wins.

    Among records that begin on one day the later recorded wins. What is unknown is not in it.
    """
    found: dict[str, Value] = {}
    for record in standing(organisation, known):
        if record.valid_from <= day and record.fact in vocabulary():
            found.pop(record.fact, None)
            if (value := from_text(record.fact, record.value)) is not None:
                found[record.fact] = value
    return found


def standing(organisation: Organisation, known: dt.datetime | None = None) -> list[FactRecord]:
    """The records that counted at a moment, by their beginnings, the later recorded last."""
    records = FactRecord.objects.filter(organisation=organisation)
    if known is None:
        records = records.filter(retraction=None)
    else:
        records = records.filter(recorded_at__lte=known).exclude(retraction__at__lte=known)
    return list(records.order_by("valid_from", "pk"))


def _typed(fact: Fact, raw: Any) -> Any:
    """Texts of forms as the vocabulary wants them."""
    if not isinstance(raw, str):
        return raw
    if fact.type == "bool":
        return _TRUTHS.get(raw.strip(), raw)
    return int(raw) if fact.type == "int" and raw.strip().isascii() and raw.strip().isdigit() else raw
