"""Subsidies of institutions (机构补贴): whom such a case may be about, and that nobody grants what no rule gives."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from songhe.casework.domain.acting import Held
from songhe.casework.errors import Incomplete, NotAllowed
from songhe.casework.models import Case, Kind
from songhe.casework.stored import procedure_of
from songhe.casework.subjects import ORGANISATION, organisation_of
from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import Organisation
from songhe.organisations.subsidies import Answer, answer, subsidy_rule


def is_subsidy(kind: str, subject_kind: str) -> bool:
    """Whether a case is about a subsidy of an organisation that is recorded here."""
    return kind == Kind.SUBSIDY and subject_kind == ORGANISATION


def must_be_for(subject_id: str, package: str, item: str) -> Organisation:
    """The institution that applies. Raises Incomplete for none, a closed one, or a subsidy that there is not."""
    try:
        found = Organisation.objects.filter(public_id=UUID(subject_id)).first()
    except ValueError:
        found = None
    if found is None or not found.is_institution or found.closed_on is not None:
        raise Incomplete("请指明已登记且未终止的养老机构。", "Name an institution that is recorded and not closed.")
    try:
        subsidy_rule(package, item)
    except OrganisationError as error:
        raise Incomplete(error.zh, error.en) from None
    return found


def answer_for(case: Case, day: dt.date) -> Answer | None:
    """What the case's package says on a day, by the facts as known now; None when it is about nothing of the kind."""
    organisation = organisation_of(case) if is_subsidy(case.kind, case.subject_kind) else None
    return None if organisation is None else answer(organisation, case.package, case.item, day)


def decided_details(held: Held) -> dict[str, Any]:
    """What the act of granting a subsidy keeps of the package's answer; nothing for any other act.

    Raises NotAllowed unless the answer is that the institution is entitled.
    """
    if procedure_of(held.case).step(held.case.step).kind != "decide":
        return {}
    found = answer_for(held.case, held.today)
    if found is None:
        return {}
    if not found.is_entitled:
        why = found.why_nothing
        assert why is not None
        raise NotAllowed(f"不能同意：{why.zh}", f"It cannot be granted: {why.en}")
    return {
        "answer": found.decision.answer,
        "fen": found.fen,
        "each": found.each,
        "counted": found.counted,
        "period": found.period,
        "package": found.package.hash,
    }
