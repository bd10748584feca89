import re

import pytest

from songhe.accounts.domain.passwords import change_password, reset_password
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from tests.accounts.builders import PASSWORD, holder, user
from tests.divisions.builders import SmallCity

pytestmark = pytest.mark.django_db
NEW = "willow-heron-2718"


def test_the_owner_changes_a_password() -> None:
    fang = user("fang")
    User.objects.update(must_change_password=True)
    change_password(user=fang, old=PASSWORD, new=NEW)
    fang.refresh_from_db()
    assert fang.check_password(NEW)
    assert not fang.must_change_password
    assert fang.password_changed_at is not None
    assert Entry.objects.get().action == "user.password_changed"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("wrong", NEW, "原密码不正确"),
        (PASSWORD, PASSWORD, "must differ"),
        (PASSWORD, "Short1", "至少需要10位"),
        (PASSWORD, "password123", "too common"),
        (PASSWORD, "83920174653", "digits alone"),
        (PASSWORD, "wang.fang1", "like the name"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_in_both_languages(old: str, new: str, complaint: str) -> None:
    fang = user("wang.fang")
    with pytest.raises(AccountError, match=complaint) as error:
        change_password(user=fang, old=old, new=new)
    assert error.value.zh and error.value.en
    fang.refresh_from_db()
    assert fang.check_password(PASSWORD)
    assert not Entry.objects.exists()


def test_everything_weak_is_said_at_once() -> None:
    with pytest.raises(AccountError) as error:
        change_password(user=user("fang"), old=PASSWORD, new="123456")
    assert all(part in error.value.en for part in ("too short", "too common", "digits alone"))


def test_a_manager_resets_a_password_to_one_for_a_single_sign_in(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    fang = user("fang", at=city.towns[0])
    password = reset_password(user=fang, by=county)
    fang.refresh_from_db()
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    assert fang.check_password(password)
    assert fang.must_change_password
    line = Entry.objects.get(action="user.password_reset")
    assert (line.user, line.subject_id) == (county, "fang")
    assert password not in str(vars(line))


def test_nobody_else_resets_it(city: SmallCity) -> None:
    fang = user("fang", at=city.towns[0])
    for someone in (holder(Role.COUNTY_BUREAU, city.counties[1]), holder(Role.TOWN_CLERK, city.towns[0])):
        with pytest.raises(OutOfScope):
            reset_password(user=fang, by=someone)
    fang.refresh_from_db()
    assert fang.check_password(PASSWORD)
