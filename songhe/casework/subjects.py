"""What a case is about when it is no person's: an organisation (机构), by its public id."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from songhe.casework.models import Case
from songhe.organisations.models import Organisation

ORGANISATION = "organisation"


def organisation_of(case: Case) -> Organisation | None:
    """The organisation that a case is about; None when it is about something else."""
    if case.subject_kind != ORGANISATION:
        return None
    return Organisation.objects.filter(public_id=case.subject_id).first()


def subject_of(organisation: Organisation) -> tuple[str, str]:
    """How a Matter names an organisation."""
    return ORGANISATION, str(organisation.public_id)


def organisation_names(cases: Iterable[Case]) -> dict[int, str]:
    """By the id of the case; one query for any number of them."""
    about = {case.pk: UUID(case.subject_id) for case in cases if case.subject_kind == ORGANISATION}
    if not about:
        return {}
    names = dict(Organisation.objects.filter(public_id__in=set(about.values())).values_list("public_id", "name"))
    return {case: names[one] for case, one in about.items() if one in names}
