"""The list of users: what is asked for, and a row for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from songhe.accounts.models import Grant, Role, User
from songhe.accounts.queries import holders_of, roles_within, users_for
from songhe.accounts.roles import label_of
from songhe.common.text import Text
from songhe.console.places import names_of
from songhe.console.users.forms import ACTIVE


@dataclass(frozen=True)
class Row:
    user: User
    place: str
    roles: Sequence[tuple[Text, str]]


def wanted(viewer: User, asked: Mapping[str, str]) -> QuerySet[User]:
    """The users within reach that fit the filters `q`, `role` and `state`."""
    users = users_for(viewer)
    if text := asked.get("q"):
        users = users.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if role := asked.get("role"):
        users = users.filter(pk__in=holders_of(Role(role)))
    if state := asked.get("state"):
        users = users.filter(is_active=state == ACTIVE)
    return users


def rows(viewer: User, users: Sequence[User]) -> list[Row]:
    """Whatever the number of users, with as many queries."""
    held = roles_within(viewer, users)
    names = names_of([user.division_id for user in users] + [one.division_id for some in held.values() for one in some])
    return [
        Row(user, names.get(user.division_id, ""), [_said(one, names) for one in held.get(user.pk, [])])
        for user in users
    ]


def _said(held: Grant, names: Mapping[int, str]) -> tuple[Text, str]:
    return label_of(Role(held.role)), names.get(held.division_id, "")
