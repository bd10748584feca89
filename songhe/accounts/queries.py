"""Reading users and the audit trail, each within the scope of whoever asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.messages import sentence
from songhe.accounts.models import Entry, Role, User
from songhe.accounts.roles import SECOND_FACTOR
from songhe.accounts.scope import divisions_for, grants_of, visible
from songhe.common.text import Text
from songhe.divisions.queries import tree_on


def users_for(viewer: User) -> QuerySet[User]:
    """Those who work, or hold a role, within the viewer's reach, by name."""
    return visible(User.objects.order_by("username"), viewer, Action.USER_READ)


def trail_for(viewer: User) -> QuerySet[Entry]:
    """The lines of the trail about the viewer's divisions, newest first.

    Lines about no division are about the platform as a whole, and shown to whoever audits all of it.
    """
    entries = Entry.objects.order_by("-sequence")
    reached = divisions_for(viewer, Action.AUDIT_READ)
    roots = {root.id for root in tree_on(timezone.localdate()).children(None)}
    if reached and roots <= reached:
        return entries.filter(Q(division=None) | Q(division_id__in=reached))
    return visible(entries, viewer, Action.AUDIT_READ)


def told(entry: Entry) -> Text:
    """What happened, as a sentence in both languages."""
    return sentence(entry.action, actor=entry.actor, subject=entry.subject_id, details=entry.details)


def roles_of(user: User) -> frozenset[Role]:
    """The roles held today, wherever."""
    return frozenset(Role(role) for role in grants_of(user).values_list("role", flat=True))


def needs_second_factor(user: User) -> bool:
    """Whether a password alone is not enough for what the user holds today."""
    return bool(roles_of(user) & SECOND_FACTOR)
