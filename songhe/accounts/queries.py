"""Reading users and the audit trail, each within the scope of whoever asks."""

from __future__ import annotations

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.messages import sentence
from songhe.accounts.models import Entry, Role, User
from songhe.accounts.roles import ACTIONS, SECOND_FACTOR
from songhe.accounts.scope import grants_of, visible
from songhe.common.text import Text


def users_for(viewer: User) -> QuerySet[User]:
    """Those who work, or hold a role, within the viewer's reach, by name."""
    return visible(User.objects.order_by("username"), viewer, Action.USER_READ)


def trail_for(viewer: User) -> QuerySet[Entry]:
    """The lines of the trail about the viewer's divisions, newest first.

    Lines about no division are about the platform as a whole, and seen by whoever audits all of it.
    """
    return visible(Entry.objects.order_by("-sequence"), viewer, Action.AUDIT_READ)


def told(entry: Entry) -> Text:
    """What happened, as a sentence in both languages."""
    return sentence(entry.action, actor=entry.actor, subject=entry.subject_id, details=entry.details)


def roles_of(user: User) -> frozenset[Role]:
    """The roles held today, wherever."""
    return frozenset(Role(role) for role in grants_of(user).values_list("role", flat=True))


def actions_of(user: User) -> frozenset[Action]:
    """What the user may do somewhere today: for menus, never in place of `scope.require`."""
    return frozenset(action for role in roles_of(user) for action in ACTIONS[role])


def needs_second_factor(user: User) -> bool:
    """Whether a password alone is not enough for what the user holds today."""
    return bool(roles_of(user) & SECOND_FACTOR)
