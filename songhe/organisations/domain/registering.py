"""Recording organisations and what is known of them: records are only ever added."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock, credit_code
from songhe.divisions.models import Division
from songhe.organisations.errors import OrganisationError
from songhe.organisations.facts import fact_of, to_text
from songhe.organisations.models import FactRecord, Organisation, Retraction


def register(
    *,
    by: User,
    name: str,
    code: str,
    division: Division,
    opened_on: dt.date,
    is_institution: bool = False,
    is_provider: bool = False,
) -> Organisation:
    """A new organisation. Raises OutOfScope, and OrganisationError for a code that is none or is there already."""
    require_division(by, Action.ORGANISATION_WRITE, division.pk)
    name, code = name.strip(), code.strip().upper()
    if not name or not (is_institution or is_provider):
        raise OrganisationError("请填写名称和类别。", "Give the name, and whether it is an institution or a provider.")
    if not credit_code.is_valid(code):
        raise OrganisationError(
            "统一社会信用代码有误：应为18位，且校验码相符。",
            "This is no unified social credit code: 18 characters, and the last must fit the others.",
        )
    if opened_on > clock.today():
        raise OrganisationError("成立日期不能在将来。", "It cannot have been founded in the future.")
    with transaction.atomic():
        if Organisation.objects.select_for_update().filter(code=code).exists():
            raise OrganisationError(
                "此统一社会信用代码已登记。", "An organisation with this credit code is recorded already."
            )
        made = Organisation.objects.create(
            name=name,
            code=code,
            division=division,
            opened_on=opened_on,
            is_institution=is_institution,
            is_provider=is_provider,
            recorded_by=by,
        )
        tell(by, "organisation.registered", made, {"name": name, "code": code})
    return made


def close(*, by: User, organisation: Organisation, on: dt.date, document: str) -> None:
    """It ended (终止): nothing new can be applied for or bought; what is owed is still paid."""
    require(by, Action.ORGANISATION_WRITE, organisation)
    if not document.strip():
        raise OrganisationError("请填写依据。", "Give the document it rests on.")
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if held.closed_on is not None:
            raise OrganisationError("此机构已终止。", "It was closed before.")
        if not held.opened_on <= on <= clock.today():
            raise OrganisationError("终止日期须在成立日与今天之间。", "It ends between its founding and today.")
        Organisation.objects.filter(pk=held.pk).update(closed_on=on)
        tell(by, "organisation.closed", held, {"name": held.name, "on": on.isoformat(), "document": document.strip()})
    organisation.refresh_from_db()


def record_fact(
    *, by: User, organisation: Organisation, fact: str, value: Any, valid_from: dt.date, document: str
) -> FactRecord:
    """One fact from a day on; None is unknown from then on. Raises OutOfScope and OrganisationError."""
    require(by, Action.ORGANISATION_WRITE, organisation)
    text, label = to_text(fact, value), fact_of(fact).label
    if not document.strip():
        raise OrganisationError("请填写依据。", "Give the document it rests on.")
    if valid_from > clock.today():
        raise OrganisationError("起日不能在将来。", "A fact cannot begin in the future.")
    with transaction.atomic():
        made = FactRecord.objects.create(
            organisation=organisation,
            fact=fact,
            value=text,
            valid_from=valid_from,
            document=document.strip(),
            recorded_by=by,
        )
        details = {"name": organisation.name, "fact": label.zh, "value": text, "from": valid_from.isoformat()}
        tell(by, "organisation.fact_recorded", organisation, details)
    return made


def retract(*, by: User, record: FactRecord, reason: str) -> None:
    """A record that should never have been (撤回). Raises OrganisationError without a reason and for a second time."""
    require(by, Action.ORGANISATION_WRITE, record.organisation)
    if not reason.strip():
        raise OrganisationError("请填写事由。", "Give the reason.")
    with transaction.atomic():
        FactRecord.objects.select_for_update().get(pk=record.pk)
        if Retraction.objects.filter(record=record).exists():
            raise OrganisationError("此记录已撤回。", "The record was retracted before.")
        Retraction.objects.create(record=record, reason=reason.strip(), user=by)
        details = {"name": record.organisation.name, "fact": fact_of(record.fact).label.zh, "reason": reason.strip()}
        tell(by, "organisation.fact_retracted", record.organisation, details)


def tell(
    by: User, action: str, organisation: Organisation, details: dict[str, object], division: int | None = None
) -> None:
    """The line of the audit trail about an organisation: the last thing to do in a transaction."""
    append(
        user=by,
        action=action,
        subject_kind="organisation",
        subject_id=str(organisation.public_id),
        division=division or organisation.division_id,
        details=details,
    )
