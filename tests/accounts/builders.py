"""People with roles, for tests."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from songhe.accounts.domain.grants import grant
from songhe.accounts.models import Role, User
from songhe.divisions.models import Division

PASSWORD = "pine-crane-1492"
# Hashed once: argon2 is slow on purpose.
_HASH = make_password(PASSWORD)


def user(username: str, *, at: Division | None = None, display_name: str = "") -> User:
    """Somebody who works at a division and may do nothing yet; signs in with PASSWORD."""
    return User.objects.create(
        username=username,
        display_name=display_name or username.title(),
        division=at,
        password=_HASH,
        must_change_password=False,
    )


def holder(role: Role, division: Division, username: str = "") -> User:
    """Somebody who holds a role over a division, and works there."""
    made = user(username or f"{role.value}-{division.pk}", at=division)
    grant(user=made, role=role, division=division, by=None)
    return made
