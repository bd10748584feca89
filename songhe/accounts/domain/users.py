"""Users (用户): made, locked and unlocked. Nobody is deleted: the trail names them for ever."""

from __future__ import annotations

import re

from axes.utils import reset as forget_failures
from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.managers import require_manager, tell
from songhe.accounts.domain.passwords import check_password, set_password
from songhe.accounts.errors import AccountError
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require_division
from songhe.divisions.models import Division

# Small letters only: no two users whose names differ by case.
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,49}")


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    password: str,
    division: Division | None = None,
    by: User | None = None,
    must_change_password: bool = True,
) -> User:
    """A user who works at a division and may do nothing until a role is granted.

    `by` is None for the command line only. Raises AccountError for a bad name or password, OutOfScope when `by`
    may not manage users there.
    """
    if by is not None:
        if division is None:
            raise OutOfScope("请填写单位所在区划。 Say at which division the user works.")
        require_division(by, Action.USER_MANAGE, division.pk)
    if not _USERNAME.fullmatch(username):
        raise AccountError(
            "用户名须为2至50个小写字母、数字、点、横线或下划线。",
            "A user name has 2 to 50 small letters, digits, dots, dashes or underlines.",
        )
    if not display_name.strip():
        raise AccountError("请填写姓名。", "The user's own name is missing.")
    if User.objects.filter(username=username).exists():
        raise AccountError(f"用户名{username}已被使用。", f"The user name {username} is taken.")
    user = User(username=username, display_name=display_name.strip(), division=division)
    check_password(password, user)
    set_password(user, password, must_change=must_change_password)
    tell("user.created", user, by=by)
    return user


@transaction.atomic
def lock(*, user: User, by: User | None, reason: str) -> None:
    """The user cannot sign in any more, and open sessions end with their next request."""
    require_manager(by, user)
    if not user.is_active:
        raise AccountError("此用户已停用。", "The user is locked already.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    tell("user.locked", user, by=by, details={"reason": reason})


@transaction.atomic
def unlock(*, user: User, by: User | None) -> None:
    """The user may sign in again, also when too many wrong passwords had closed the door."""
    require_manager(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    forget_failures(username=user.username)
    tell("user.unlocked", user, by=by)
