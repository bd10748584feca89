"""One user: roles with their dates, and what happened, from the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from songhe.accounts.domain.managers import giver, require_manager
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Grant, Role, User
from songhe.accounts.queries import grants_within
from songhe.accounts.roles import label_of
from songhe.accounts.scope import OutOfScope
from songhe.common.text import Text, say
from songhe.console.places import names_of

_REACHES_FURTHER = say(
    "此用户的单位或角色超出您的管理范围，只能由更上一级管理。",
    "This user works or holds a role beyond what you manage; a level above yours can.",
)


@dataclass(frozen=True)
class Held:
    grant: Grant
    role: Text
    place: str
    state: Text
    is_open: bool
    is_revocable: bool


def held_by(viewer: User, user: User, *, manages: bool) -> list[Held]:
    """The user's grants within the viewer's reach, those in force first."""
    grants = grants_within(viewer, user)
    names = names_of(one.division_id for one in grants)
    gives = giver(viewer) if manages else _gives_nothing
    found = [_held(one, names.get(one.division_id, ""), timezone.localdate(), gives) for one in grants]
    return sorted(found, key=lambda one: not one.is_open)


def _gives_nothing(role: Role, division_id: int) -> bool:
    return False


def _held(one: Grant, place: str, today: dt.date, gives: Callable[[Role, int], bool]) -> Held:
    role, is_open = Role(one.role), one.revoked_at is None and (one.valid_to is None or one.valid_to >= today)
    return Held(one, label_of(role), place, _state(one, today), is_open, is_open and gives(role, one.division_id))


def _state(one: Grant, today: dt.date) -> Text:
    if one.revoked_at is not None:
        return say("已撤销", "revoked")
    if one.valid_from > today:
        return say("未生效", "not yet")
    return say("已到期", "ended") if one.valid_to and one.valid_to < today else say("有效", "in force")


def why_not(viewer: User, user: User) -> Text | None:
    """Why the viewer does not manage this user; None when they do."""
    try:
        require_manager(viewer, user)
    except AccountError as error:
        return say(error.zh, error.en)
    except OutOfScope:
        return _REACHES_FURTHER
    return None
