"""Who may manage whom: nobody themselves, nobody who reaches further, no role beyond one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from songhe.accounts.actions import Action
from songhe.accounts.domain import audit
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Grant, Role, User
from songhe.accounts.reach import reach
from songhe.accounts.roles import ACTIONS, GRANTABLE
from songhe.accounts.scope import OutOfScope, grants_of, require_division
from songhe.common import clock


def require_manager(by: User | None, user: User) -> None:
    """Raises OutOfScope unless `by` reaches the user's workplace and could have given each of the user's roles.

    None stands for the command line on the server, which answers to nobody here. Otherwise whoever reset the
    password of somebody more powerful would have their power.
    """
    if by is None:
        return
    require_not_self(by, user)
    if user.division_id is None:
        raise OutOfScope("此用户没有单位所在区划，只能在服务器上管理： Managed on the server only: no workplace.")
    require_division(by, Action.USER_MANAGE, user.division_id)
    gives = giver(by)
    for held in open_grants(user):
        if not gives(Role(held.role), held.division_id):
            raise _not_grantable(Role(held.role))


def require_grantable(by: User | None, role: Role, division_id: int) -> None:
    """Raises OutOfScope unless `by` may give or take this role over this division."""
    if by is not None and not giver(by)(role, division_id):
        raise _not_grantable(role)


def _not_grantable(role: Role) -> OutOfScope:
    return OutOfScope(f"您无权授予或撤销此区划的角色“{role.label}”： You may not give or take {role.value} there.")


def giver(by: User) -> Callable[[Role, int], bool]:
    """Whether `by` may give or take a role over a division (its id), for many at once."""
    today = clock.today()
    gives = [
        (GRANTABLE[own], reach([(held.division_id, held.valid_from)], today))
        for held in grants_of(by)
        if (own := Role(held.role)) in GRANTABLE and Action.USER_MANAGE in ACTIONS[own]
    ]
    return lambda role, division_id: any(role in roles and division_id in places for roles, places in gives)


def require_not_self(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise AccountError(
            "不能管理自己的账号，请找另一位管理人员。", "Nobody manages themselves; ask another manager."
        )


def open_grants(user: User) -> list[Grant]:
    """The user's grants of today and of later, also while the user is locked."""
    today = clock.today()
    return list(user.grants.filter(Q(valid_to=None) | Q(valid_to__gte=today), revoked_at=None))


def tell(action: str, user: User, *, by: User | None, details: Mapping[str, Any] | None = None) -> None:
    """A line of the trail about a user, who is named by user name."""
    audit.append(
        user=by,
        action=action,
        subject_kind="user",
        subject_id=user.username,
        division=user.division_id,
        details=details,
    )
