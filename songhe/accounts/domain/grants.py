"""Grants (授权): a role over a division, from a day on. A revoked grant ends at once and is kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from songhe.accounts.domain import audit
from songhe.accounts.domain.managers import require_grantable, require_not_self
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Grant, Role, User
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on


@transaction.atomic
def grant(
    *,
    user: User,
    role: Role,
    division: Division,
    by: User | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Grant:
    """The role, from today unless said otherwise, to a last day included or without end.

    `by` is None for the command line only. Raises OutOfScope when `by` may not give this role there, AccountError for
    dates in the wrong order, a division that is not there, or a role held already.
    """
    if by is not None:
        require_not_self(by, user)
    role, start = Role(role), valid_from or clock.today()
    require_grantable(by, role, division.pk)
    if valid_to is not None and valid_to < start:
        raise AccountError("止日早于起日。", "The last day lies before the first.")
    if tree_on(start).get(division.pk) is None:
        raise AccountError(f"{start}没有这个区划。", f"There is no such division on {start}.")
    if _overlapping(user, role, division, start, valid_to):
        raise AccountError("此用户在这段时间已有这个角色。", "The user holds this role there in that time already.")
    made = Grant.objects.create(
        user=user, role=role, division=division, valid_from=start, valid_to=valid_to, granted_by=by
    )
    _tell("user.granted", made, by)
    return made


@transaction.atomic
def revoke(*, grant: Grant, by: User | None) -> None:
    """The role is gone with the next request. Raises OutOfScope, or AccountError when it was revoked before."""
    if by is not None:
        require_not_self(by, grant.user)
    require_grantable(by, Role(grant.role), grant.division_id)
    if not Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=clock.now(), revoked_by=by):
        raise AccountError("此授权已被撤销。", "The grant was revoked before.")
    grant.refresh_from_db()
    _tell("user.revoked", grant, by)


def _overlapping(user: User, role: Role, division: Division, start: dt.date, end: dt.date | None) -> bool:
    held = Grant.objects.filter(user=user, role=role, division=division, revoked_at=None)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=start))
    return held.filter(valid_from__lte=end).exists() if end else held.exists()


def _tell(action: str, made: Grant, by: User | None) -> None:
    audit.append(
        user=by,
        action=action,
        subject_kind="user",
        subject_id=made.user.username,
        division=made.division_id,
        details={"role": made.role, "grant": made.pk, "valid_from": made.valid_from, "valid_to": made.valid_to},
    )
