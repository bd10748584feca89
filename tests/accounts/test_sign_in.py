import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.test import Client

from songhe.accounts.domain.users import unlock
from songhe.accounts.models import Entry, Role, User
from tests.accounts.builders import PASSWORD, holder, user
from tests.divisions.builders import SmallCity

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
LIMIT = 5


def sign_in(client: Client, username: str = "fang", password: str = PASSWORD) -> int:
    return client.post("/console/sign-in/", {"username": username, "password": password}).status_code


def trail() -> list[str]:
    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


@pytest.fixture
def fang(city: SmallCity) -> User:
    return user("fang", at=city.towns[0], display_name="王芳")


def test_the_trail_tells_who_came_and_went(client: Client, fang: User) -> None:
    assert sign_in(client) == 200
    client.get("/console/sign-out/")
    assert trail() == ["session.signed_in", "session.signed_out"]
    assert set(Entry.objects.values_list("user", "division")) == {(fang.pk, fang.division_id)}


def test_a_wrong_password_is_told_without_what_was_typed(client: Client, fang: User) -> None:
    assert sign_in(client, password="secret-typo-99") == 401
    line = Entry.objects.get()
    assert (line.action, line.user, line.actor, line.subject_id) == ("session.refused", None, "fang", "fang")
    assert "secret-typo-99" not in str(vars(line)) + str([vars(one) for one in AccessAttempt.objects.all()])


def test_an_unknown_name_is_not_kept_in_the_trail_for_it_may_be_a_password(client: Client, fang: User) -> None:
    assert sign_in(client, username="my-real-password-1") == 401
    assert trail() == []


def test_a_signed_out_cookie_opens_nothing(client: Client, fang: User) -> None:
    sign_in(client)
    cookie = client.cookies["sessionid"].value
    client.get("/console/sign-out/")
    client.cookies["sessionid"] = cookie
    assert client.get("/console/").status_code == 302


def test_five_wrong_passwords_close_the_account_also_for_the_right_one(client: Client, fang: User) -> None:
    assert [sign_in(client, password="wrong") for _ in range(LIMIT)] == [401] * (LIMIT - 1) + [429]
    refused = client.post("/console/sign-in/", {"username": "fang", "password": PASSWORD})
    assert refused.status_code == 429
    assert "15分钟" in refused.content.decode()
    assert trail() == ["session.refused"] * (LIMIT - 1) + ["session.locked_out"]


def test_an_account_is_closed_from_every_address_and_no_other_account_is(fang: User, city: SmallCity) -> None:
    user("li", at=city.towns[0])
    for number in range(LIMIT):
        sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), password="wrong")
    assert sign_in(Client(REMOTE_ADDR="10.0.9.9")) == 429
    assert sign_in(Client(REMOTE_ADDR="10.0.0.1"), username="li") == 200


def test_the_right_password_in_time_forgets_the_wrong_ones(client: Client, fang: User) -> None:
    for _ in range(2):
        for _ in range(LIMIT - 1):
            sign_in(client, password="wrong")
        assert sign_in(client) == 200


def test_the_account_opens_after_a_quarter_of_an_hour_however_often_somebody_tried(client: Client, fang: User) -> None:
    for _ in range(LIMIT + 3):
        sign_in(client, password="wrong")
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.update(attempt_time=attempt.attempt_time - dt.timedelta(minutes=16))
    assert sign_in(client) == 200


def test_a_manager_opens_it_sooner(client: Client, fang: User, city: SmallCity) -> None:
    for _ in range(LIMIT):
        sign_in(client, password="wrong")
    unlock(user=fang, by=holder(Role.COUNTY_BUREAU, city.counties[0]))
    assert sign_in(client) == 200


def test_who_was_locked_cannot_sign_in_and_a_session_ends(client: Client, fang: User) -> None:
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get("/console/").status_code == 302
    assert sign_in(client) == 401


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client, fang: User) -> None:
    sign_in(client)
    fang.set_password("willow-heron-2718")
    fang.save()
    assert client.get("/console/").status_code == 302
