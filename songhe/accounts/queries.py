"""Reading users and the audit trail, each within the scope of whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.messages import sentence
from songhe.accounts.models import Entry, Grant, Role, User
from songhe.accounts.roles import ACTIONS, GRANTABLE, SECOND_FACTOR
from songhe.accounts.scope import held_by, visible
from songhe.common import clock
from songhe.common.text import Text


def users_for(viewer: User) -> QuerySet[User]:
    """Those who work, or hold a role, within the viewer's reach, by name."""
    return visible(User.objects.order_by("username"), viewer, Action.USER_READ)


def holders_of(role: Role) -> QuerySet[Grant]:
    """Ids of the users who hold a role today, wherever."""
    return _in_force(Grant.objects.filter(role=role)).values("user_id")


def roles_within(viewer: User, users: Collection[User]) -> dict[int, list[Grant]]:
    """What these users hold today within the viewer's reach, by id of user."""
    held: dict[int, list[Grant]] = defaultdict(list)
    ids = [user.pk for user in users]
    grants = visible(_in_force(Grant.objects.filter(user__in=ids)), viewer, Action.USER_READ)
    for grant in grants.order_by("role", "division_id"):
        held[grant.user_id].append(grant)
    return dict(held)


def grants_within(viewer: User, user: User) -> list[Grant]:
    """All that a user was ever given within the viewer's reach, newest first."""
    grants = visible(Grant.objects.filter(user=user), viewer, Action.USER_READ)
    return list(grants.select_related("granted_by", "revoked_by").order_by("-granted_at", "-pk"))


def grantable_by(user: User) -> list[Role]:
    """The roles that the user may give somewhere, in their order."""
    given = {role for own in roles_of(user) for role in GRANTABLE.get(own, frozenset())}
    return [role for role in Role if role in given]


def user_history(viewer: User, user: User) -> QuerySet[Entry]:
    """What the trail says was done with a user, newest first, for those who may read users there."""
    about = Entry.objects.filter(subject_kind="user", subject_id=user.username)
    return visible(about, viewer, Action.USER_READ).order_by("-sequence")


def _in_force(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    today = clock.today()
    return grants.filter(Q(valid_to=None) | Q(valid_to__gte=today), revoked_at=None, valid_from__lte=today)


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
    return frozenset(Role(role) for role, _, _ in held_by(user))


def actions_of(user: User) -> frozenset[Action]:
    """What the user may do somewhere today: for menus, never in place of `scope.require`."""
    return frozenset(action for role in roles_of(user) for action in ACTIONS[role])


def needs_second_factor(user: User) -> bool:
    """Whether a password alone is not enough for what the user holds today."""
    return bool(roles_of(user) & SECOND_FACTOR)
