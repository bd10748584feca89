import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.domain import second_factor
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from tests.accounts.builders import holder, user
from tests.divisions.builders import SmallCity

pytestmark = pytest.mark.django_db
STEP = 30


def digits_of(device: TOTPDevice, steps_ahead: int = 0) -> str:
    """What the app on the user's telephone shows, so many half minutes from now."""
    return f"{totp(device.bin_key, t0=-STEP * steps_ahead):06d}"


def wrong(device: TOTPDevice) -> str:
    near = {digits_of(device, step) for step in (-2, -1, 0, 1, 2)}
    return next(text for text in ("000000", "111111", "222222", "333333", "444444", "555555") if text not in near)


def with_factor(someone: User) -> TOTPDevice:
    return second_factor.confirm(user=someone, digits=digits_of(second_factor.begin(user=someone)))


def test_it_is_in_force_once_the_app_showed_the_right_digits() -> None:
    fang = user("fang")
    device = second_factor.begin(user=fang)
    assert "otpauth://totp/" in device.config_url
    assert second_factor.verify(user=fang, digits=digits_of(device)) is None
    assert second_factor.confirm(user=fang, digits=digits_of(device)).confirmed
    assert Entry.objects.get().action == "user.second_factor_set"


def test_wrong_digits_do_not_set_it_up() -> None:
    fang = user("fang")
    device = second_factor.begin(user=fang)
    with pytest.raises(AccountError, match="验证码不正确"):
        second_factor.confirm(user=fang, digits=wrong(device))
    assert not TOTPDevice.objects.get().confirmed
    assert not Entry.objects.exists()


def test_without_a_beginning_nothing_is_confirmed() -> None:
    with pytest.raises(AccountError):
        second_factor.confirm(user=user("fang"), digits="123456")


def test_beginning_again_forgets_the_first_secret() -> None:
    fang = user("fang")
    first, second = second_factor.begin(user=fang), second_factor.begin(user=fang)
    assert first.key != second.key
    assert TOTPDevice.objects.get() == second


def test_whoever_has_the_password_alone_cannot_replace_it() -> None:
    fang = user("fang")
    with_factor(fang)
    with pytest.raises(AccountError, match="ask a manager"):
        second_factor.begin(user=fang)


def test_digits_are_good_once() -> None:
    fang = user("fang")
    device = with_factor(fang)
    assert second_factor.verify(user=fang, digits=digits_of(device)) is None
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert second_factor.verify(user=fang, digits=digits_of(device, 1)) == device


def test_after_wrong_digits_the_right_ones_must_wait() -> None:
    fang = user("fang")
    device = with_factor(fang)
    assert second_factor.verify(user=fang, digits=wrong(device)) is None
    assert second_factor.verify(user=fang, digits=digits_of(device, 1)) is None
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert second_factor.verify(user=fang, digits=digits_of(device, 1)) == device


def test_digits_of_another_user_do_not_count() -> None:
    fang, li = user("fang"), user("li")
    device = with_factor(fang)
    with_factor(li)
    assert second_factor.verify(user=li, digits=digits_of(device, 1)) is None


def test_a_manager_resets_it_for_a_lost_telephone(city: SmallCity) -> None:
    fang = user("fang", at=city.towns[0])
    with_factor(fang)
    with pytest.raises(OutOfScope):
        second_factor.reset(user=fang, by=holder(Role.COUNTY_BUREAU, city.counties[1]))
    second_factor.reset(user=fang, by=holder(Role.COUNTY_BUREAU, city.counties[0]))
    assert not TOTPDevice.objects.exists()
    assert second_factor.begin(user=fang)
