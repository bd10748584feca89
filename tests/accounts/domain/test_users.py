import pytest
from django.contrib.auth import authenticate

from songhe.accounts.domain.users import create_user, lock, unlock
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Entry, Role, User
from songhe.accounts.scope import OutOfScope
from tests.accounts.builders import PASSWORD, holder, user
from tests.divisions.builders import SmallCity

pytestmark = pytest.mark.django_db


def test_the_command_line_makes_the_first_user() -> None:
    made = create_user(username="fang", display_name=" 王芳 ", password=PASSWORD)
    assert (made.display_name, made.is_active, made.must_change_password) == ("王芳", True, True)
    assert made.check_password(PASSWORD)
    assert made.password.startswith("argon2$argon2id$")
    assert Entry.objects.get().action == "user.created"


def test_a_manager_makes_users_within_reach_only(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    made = create_user(username="li", display_name="李", password=PASSWORD, division=city.towns[0], by=county)
    line = Entry.objects.get(action="user.created")
    assert (line.user, line.subject_id, line.division) == (county, made.username, city.towns[0])
    for division in (city.towns[5], city.city, None):
        with pytest.raises(OutOfScope):
            create_user(username="zhao", display_name="赵", password=PASSWORD, division=division, by=county)
    with pytest.raises(OutOfScope):
        clerk = holder(Role.TOWN_CLERK, city.towns[0])
        create_user(username="zhao", display_name="赵", password=PASSWORD, division=city.towns[0], by=clerk)
    assert not User.objects.filter(username="zhao").exists()


@pytest.mark.parametrize("username", ["Fang", "f", "-fang", "fang wang", "王芳", "fang\n", "f" * 51, ""])
def test_a_user_name_that_could_be_mistaken_is_refused(username: str) -> None:
    with pytest.raises(AccountError, match="small letters"):
        create_user(username=username, display_name="王芳", password=PASSWORD)


def test_a_user_name_is_given_once() -> None:
    user("fang")
    with pytest.raises(AccountError, match="fang已被使用"):
        create_user(username="fang", display_name="方", password=PASSWORD)


def test_a_user_has_a_name_of_their_own() -> None:
    with pytest.raises(AccountError, match="请填写姓名"):
        create_user(username="fang", display_name="  ", password=PASSWORD)


def test_a_weak_password_makes_no_user() -> None:
    with pytest.raises(AccountError):
        create_user(username="fang", display_name="王芳", password="12345678")
    assert not User.objects.exists()
    assert not Entry.objects.exists()


def test_a_locked_user_cannot_sign_in_until_unlocked(city: SmallCity, rf) -> None:
    clerk = user("fang", at=city.towns[0])
    county = holder(Role.COUNTY_BUREAU, city.counties[0])

    def signs_in() -> bool:
        return authenticate(rf.post("/console/sign-in/"), username="fang", password=PASSWORD) is not None

    assert signs_in()
    lock(user=clerk, by=county, reason="离职")
    assert not signs_in()
    with pytest.raises(AccountError, match="locked already"):
        lock(user=clerk, by=county, reason="离职")
    unlock(user=clerk, by=county)
    assert signs_in()
    told = Entry.objects.filter(action__in=("user.locked", "user.unlocked")).order_by("sequence")
    assert [(line.action, line.user) for line in told] == [("user.locked", county), ("user.unlocked", county)]
    assert told[0].details == {"reason": "离职"}


def test_nobody_locks_themselves(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0])
    with pytest.raises(AccountError, match="另一位管理人员"):
        lock(user=county, by=county, reason="试试")
