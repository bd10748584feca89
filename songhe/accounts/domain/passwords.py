"""Passwords (密码): chosen by their owner, reset by a manager, never known to anybody else."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from songhe.accounts.domain.managers import require_manager, tell
from songhe.accounts.errors import AccountError
from songhe.accounts.models import User

# Without letters and digits that look alike, because people copy it from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# By the codes of Django's validators.
_WRONG = {
    "password_too_short": ("密码太短，至少需要{least}位。", "The password is too short: at least {least} characters."),
    "password_too_similar": ("密码与用户名或姓名太相近。", "The password is too much like the name."),
    "password_too_common": ("这个密码太常见。", "This password is too common."),
    "password_entirely_numeric": ("密码不能全是数字。", "The password cannot be digits alone."),
}


def change_password(*, user: User, old: str, new: str) -> None:
    """Set by the owner. Raises AccountError when the old one is wrong or the new one too weak or the same.

    The user's other sessions end with it; a view calls `update_session_auth_hash` to keep its own.
    """
    if not user.check_password(old):
        raise AccountError("原密码不正确。", "The old password is wrong.")
    if old == new:
        raise AccountError("新密码不能与原密码相同。", "The new password must differ from the old one.")
    check_password(new, user)
    with transaction.atomic():
        set_password(user, new, must_change=False)
        tell("user.password_changed", user, by=user)


def reset_password(*, user: User, by: User | None) -> str:
    """A new password, to be told to its owner and changed at the next sign-in. Raises OutOfScope or AccountError."""
    require_manager(by, user)
    password = temporary_password()
    with transaction.atomic():
        set_password(user, password, must_change=True)
        tell("user.password_reset", user, by=by)
    return password


def temporary_password() -> str:
    """16 letters in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def check_password(password: str, user: User) -> None:
    """Raises AccountError with everything that is weak about a password."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        texts = [_said(error) for error in weak.error_list]
        raise AccountError("".join(zh for zh, _ in texts), " ".join(en for _, en in texts)) from None


def _said(error: ValidationError) -> tuple[str, str]:
    zh, en = _WRONG[error.code]
    least = (error.params or {}).get("min_length")
    return zh.format(least=least), en.format(least=least)


def set_password(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save()
