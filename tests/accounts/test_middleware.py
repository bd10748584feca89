import datetime as dt

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from songhe.accounts import middleware
from songhe.accounts.domain.grants import grant
from songhe.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from songhe.accounts.models import Entry, Role, User
from tests.accounts.builders import PASSWORD, holder, user
from tests.accounts.domain.test_second_factor import digits_of, with_factor
from tests.divisions.builders import SmallCity

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
MINUTE, HOUR = 60, 3600


@pytest.fixture
def fang(city: SmallCity) -> User:
    return holder(Role.TOWN_CLERK, city.towns[0], "fang")


@pytest.fixture
def signed_in(client: Client, fang: User) -> Client:
    client.post("/console/sign-in/", {"username": "fang", "password": PASSWORD})
    return client


def shift(client: Client, **seconds: int) -> None:
    """As if the session's clocks had been set earlier."""
    session = client.session
    for name, ago in seconds.items():
        session[name] -= ago
    session.save()


def is_let_in(client: Client) -> bool:
    return client.get("/console/").status_code == 200


def expired() -> list[str]:
    return [line.details["limit"] for line in Entry.objects.filter(action="session.expired")]


def test_a_session_lasts_while_it_is_used(signed_in: Client) -> None:
    for _ in range(5):
        shift(signed_in, signed_in_at=25 * MINUTE, seen_at=25 * MINUTE)
        assert is_let_in(signed_in)


def test_an_idle_session_ends_after_half_an_hour(signed_in: Client) -> None:
    shift(signed_in, signed_in_at=30 * MINUTE, seen_at=30 * MINUTE)
    assert not is_let_in(signed_in)
    assert expired() == ["idle"]
    assert not Session.objects.exists()


def test_a_busy_session_ends_after_twelve_hours(signed_in: Client) -> None:
    shift(signed_in, signed_in_at=12 * HOUR - MINUTE)
    assert is_let_in(signed_in)
    shift(signed_in, signed_in_at=MINUTE)
    assert not is_let_in(signed_in)
    assert expired() == ["absolute"]


@pytest.mark.parametrize("clock", [SIGNED_IN_AT, SEEN_AT])
def test_a_session_without_clocks_is_over(signed_in: Client, clock: str) -> None:
    session = signed_in.session
    del session[clock]
    session.save()
    assert not is_let_in(signed_in)


def test_a_session_is_not_written_with_every_request(signed_in: Client, django_assert_num_queries) -> None:
    is_let_in(signed_in)
    # The session, the user, and the roles that might need a second factor.
    with django_assert_num_queries(3):
        is_let_in(signed_in)


def test_staff_cookies_are_for_the_server_alone(signed_in: Client) -> None:
    cookie = signed_in.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_whoever_is_not_signed_in_is_led_there_and_back(client: Client) -> None:
    answer = client.get("/console/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/console/sign-in/?next=%2Fconsole%2F%3Fpage%3D2")
    assert client.post("/console/").status_code == 403


def test_the_api_asks_for_sign_in_itself(client: Client) -> None:
    assert client.get("/api/people").content.decode() == "hello AnonymousUser"


def test_a_first_password_must_be_changed_before_anything_else(signed_in: Client) -> None:
    User.objects.update(must_change_password=True)
    assert signed_in.get("/console/")["Location"].startswith("/console/password/?next=")
    assert signed_in.get("/api/people").status_code == 403
    assert signed_in.get("/console/password/").status_code == 200
    assert signed_in.get("/console/sign-out/").status_code == 200


def test_a_bureau_gives_its_second_factor_before_anything_else(client: Client, city: SmallCity) -> None:
    bureau = holder(Role.COUNTY_BUREAU, city.counties[0], "bureau")
    device = with_factor(bureau)
    client.post("/console/sign-in/", {"username": "bureau", "password": PASSWORD})
    assert client.get("/console/")["Location"].startswith("/console/second-factor/?next=")
    assert client.get("/api/people").status_code == 403
    assert client.post("/console/").status_code == 403
    assert client.post("/console/second-factor/", {"digits": digits_of(device, 1)}).status_code == 200
    assert is_let_in(client)
    assert client.get("/api/people").status_code == 200


def test_a_factor_taken_away_closes_the_session_it_opened(client: Client, city: SmallCity) -> None:
    bureau = holder(Role.COUNTY_BUREAU, city.counties[0], "bureau")
    device = with_factor(bureau)
    client.post("/console/sign-in/", {"username": "bureau", "password": PASSWORD})
    client.post("/console/second-factor/", {"digits": digits_of(device, 1)})
    device.delete()
    assert not is_let_in(client)


def test_a_bureaus_role_given_later_needs_the_second_factor_at_once(signed_in: Client, city: SmallCity) -> None:
    assert is_let_in(signed_in)
    grant(user=User.objects.get(), role=Role.COUNTY_BUREAU, division=city.counties[0], by=None)
    assert not is_let_in(signed_in)


def test_a_clerk_needs_no_second_factor(signed_in: Client) -> None:
    assert is_let_in(signed_in)


def test_every_obstacle_leads_somewhere_that_is_open() -> None:
    assert set(settings.GATE_PATHS) == {"sign_in", "password", "second_factor"}
    assert set(settings.GATE_PATHS.values()) <= settings.GATE_OPEN_PATHS
    assert dt.timedelta(seconds=settings.SESSION_IDLE) == dt.timedelta(minutes=30)
    assert middleware.SIGNED_IN_AT != middleware.SEEN_AT


def test_a_user_without_roles_is_let_in_to_nothing_in_particular(client: Client, city: SmallCity) -> None:
    user("new", at=city.towns[0])
    client.post("/console/sign-in/", {"username": "new", "password": PASSWORD})
    assert is_let_in(client)
