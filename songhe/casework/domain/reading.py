"""Noting that somebody read a case (查阅留痕): reads are recorded like writes."""

from __future__ import annotations

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.casework.models import Case


def note_reading(*, user: User, case: Case) -> None:
    """A line of the audit trail; it names the case and nothing of its content."""
    append(
        user=user,
        action="case.read",
        subject_kind="case",
        subject_id=str(case.public_id),
        division=case.division_id,
    )
