"""Sign-ins and sign-outs in the audit trail. What was typed is never kept: people type passwords as names."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from songhe.accounts.domain import audit
from songhe.accounts.domain.managers import tell
from songhe.accounts.middleware import start_session
from songhe.accounts.models import User


@receiver(user_logged_in)
def on_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    start_session(request)
    tell("session.signed_in", user, by=user)


@receiver(user_logged_out)
def on_sign_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is None:
        return
    if limit := getattr(request, "session_limit", ""):
        tell("session.expired", user, by=user, details={"limit": limit})
    else:
        tell("session.signed_out", user, by=user)


@receiver(user_login_failed)
def on_refusal(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    # Tries at a closed door are not told one by one, or anybody could fill the trail.
    if not getattr(request, "axes_locked_out", False):
        _refused("session.refused", credentials.get("username"))


@receiver(user_locked_out)
def on_lockout(sender: Any, request: HttpRequest, username: str | None = None, **kwargs: Any) -> None:
    # Axes counts the failure that closed the door, not the tries after it.
    if request.axes_failures_since_start is not None:
        _refused("session.locked_out", username)


def _refused(action: str, username: str | None) -> None:
    user = User.objects.filter(username=username or "").first()
    if user is not None:
        audit.append(
            user=None,
            actor=user.username,
            action=action,
            subject_kind="user",
            subject_id=user.username,
            division=user.division_id,
        )
