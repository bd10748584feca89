"""Tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.api.models import ApiToken

_PREFIX = "songhe_"
# How exactly the last use is remembered: a call does not always write.
_EXACTNESS = dt.timedelta(minutes=1)


@transaction.atomic
def create_token(*, user: User, days: int, note: str = "") -> str:
    """A new token of so many days; this is the only time that it is known."""
    token = _PREFIX + secrets.token_urlsafe(32)
    expires = timezone.now() + dt.timedelta(days=days)
    made = ApiToken.objects.create(user=user, hash=_hash(token), note=note, expires_at=expires)
    _tell("token.created", made)
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    """It opens nothing from now on."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _tell("token.revoked", token)


def user_of(token: str) -> User | None:
    """The user a token acts for; None when it is unknown, over, revoked, or the user is locked."""
    now = timezone.now()
    found = (
        ApiToken.objects.filter(hash=_hash(token), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    if found.last_used_at is None or now - found.last_used_at > _EXACTNESS:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.user


def _hash(token: str) -> str:
    # 256 bits of chance need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _tell(action: str, token: ApiToken) -> None:
    append(
        user=None,
        action=action,
        subject_kind="user",
        subject_id=token.user.username,
        division=token.user.division_id,
        details={"note": token.note, "expires": token.expires_at},
    )
