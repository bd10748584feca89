"""The second factor (第二因素): six digits of an app on the user's telephone, after RFC 6238."""

from __future__ import annotations

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.domain.managers import require_manager, tell
from songhe.accounts.errors import AccountError
from songhe.accounts.models import User


@transaction.atomic
def begin(*, user: User) -> TOTPDevice:
    """A new secret, not yet in force: show `config_url` as a QR code, then `confirm`.

    Raises AccountError when a second factor is in force: only a manager takes it away.
    """
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise AccountError(
            "第二因素已启用，更换请找管理人员。", "A second factor is in force; ask a manager to reset it."
        )
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    made: TOTPDevice = TOTPDevice.objects.create(user=user, name=user.username, confirmed=False)
    return made


def confirm(*, user: User, digits: str) -> TOTPDevice:
    """The user's app shows the right digits: from now on they are asked for. Raises AccountError when wrong."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        # A wrong try is counted in this transaction and must stay when the error is raised.
        if right := device is not None and device.verify_token(digits):
            device.confirmed = True
            device.save()
            tell("user.second_factor_set", user, by=user)
    if not right:
        raise AccountError("验证码不正确，请重试。", "The digits are wrong; try again.")
    return device


def verify(*, user: User, digits: str) -> TOTPDevice | None:
    """The device whose digits these are, each used once; None when they are wrong or came too fast after wrong ones.

    A view passes it to `django_otp.login(request, device)`.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device if device is not None and device.verify_token(digits) else None


@transaction.atomic
def reset(*, user: User, by: User | None) -> None:
    """For a lost telephone: the user sets up a new one at the next sign-in. Raises OutOfScope or AccountError."""
    require_manager(by, user)
    TOTPDevice.objects.filter(user=user).delete()
    tell("user.second_factor_reset", user, by=by)
