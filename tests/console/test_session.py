"""The door: signing in with a password and a second factor, first passwords, the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.models import Entry, Role, User
from tests.accounts.builders import PASSWORD, holder, user
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city

DOOR = "/console/sign-in/"


def give(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(DOOR, {"username": username, "password": password, **more})


def digits_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_door_and_on_to_where_they_wanted(client: Client, clerk: User) -> None:
    answer = client.get("/console/")
    assert answer.url == f"{DOOR}?next=%2Fconsole%2F"
    assert give(client, "clerk", next="/console/?a=1").url == "/console/?a=1"
    assert "clerk" in client.get("/console/").content.decode().lower()


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/console/", "/", "/api/x"])
def test_signing_in_leads_nowhere_else(client: Client, clerk: User, elsewhere: str) -> None:
    assert give(client, "clerk", next=elsewhere).url == "/console/"


@pytest.mark.django_db
def test_a_wrong_password_says_so_and_not_which_of_the_two(client: Client, clerk: User) -> None:
    for name in ("clerk", "nobody"):
        answer = give(client, name, "wrong")
        assert answer.status_code == 422
        assert "用户名或密码不正确。" in answer.content.decode()


@pytest.mark.django_db
def test_after_five_wrong_passwords_the_door_stays_closed(client: Client, clerk: User) -> None:
    for _ in range(5):
        answer = give(client, "clerk", "wrong")
    assert answer.status_code == 429
    assert "15分钟" in answer.content.decode()
    assert give(client, "clerk").status_code == 429
    assert Entry.objects.filter(action="session.locked_out").count() == 1


@pytest.mark.django_db
def test_a_password_of_somebody_elses_making_is_changed_first(client: Client, clerk: User) -> None:
    clerk.must_change_password = True
    clerk.save()
    give(client, "clerk")
    assert client.get("/console/").url.startswith("/console/password/")
    weak = client.post("/console/password/", {"old": PASSWORD, "new": "short", "again": "short"})
    assert weak.status_code == 422
    assert "至少需要10位" in weak.content.decode()
    other = client.post("/console/password/", {"old": PASSWORD, "new": "crane-on-a-pine", "again": "crane"})
    assert "不一致" in other.content.decode()
    changed = client.post("/console/password/", {"old": PASSWORD, "new": "crane-on-a-pine", "again": "crane-on-a-pine"})
    assert changed.url == "/console/"
    assert client.get("/console/").status_code == 200


def test_a_bureau_sets_up_a_second_factor_and_gives_it_ever_after(client: Client, bureau: User) -> None:
    give(client, "bureau")
    assert client.get("/console/").url.startswith("/console/second-factor/")
    page = client.get("/console/second-factor/").content.decode()
    device = TOTPDevice.objects.get(user=bureau)
    assert "<svg" in page and "/console/register/" not in page
    assert client.get("/console/second-factor/").status_code == 200
    assert TOTPDevice.objects.get(user=bureau) == device
    assert client.post("/console/second-factor/", {"digits": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert client.post("/console/second-factor/", {"digits": digits_of(device)}).url == "/console/"
    assert client.get("/console/").status_code == 200

    again = Client()
    give(again, "bureau")
    page = again.get("/console/second-factor/").content.decode()
    assert "<svg" not in page
    TOTPDevice.objects.update(last_t=-1)
    spaced = digits_of(device)[:3] + " " + digits_of(device)[3:]
    assert again.post("/console/second-factor/", {"digits": spaced}).url == "/console/"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/console/password/", "/console/second-factor/"])
def test_what_is_for_those_inside_leads_a_stranger_to_the_door(client: Client, path: str) -> None:
    assert client.get(path).url == DOOR
    assert client.post(path, {"digits": "1"}).url == DOOR


def test_signing_out_ends_the_session(sign_in: SignIn, clerk: User) -> None:
    inside = sign_in(clerk)
    assert inside.get("/console/").status_code == 200
    assert inside.get("/console/sign-out/").status_code == 405
    assert inside.post("/console/sign-out/").url == DOOR
    assert inside.get("/console/").status_code == 302


@pytest.mark.django_db
def test_the_language_chosen_at_the_door_stays(client: Client, clerk: User) -> None:
    assert client.post("/console/language/", {"language": "en", "next": DOOR}).url == DOOR
    assert '<html lang="en">' in client.get(DOOR).content.decode()
    give(client, "clerk")
    assert "Welcome" in client.get("/console/").content.decode()


def test_the_first_page_says_what_one_is_here(sign_in: SignIn, city: SmallCity, clerk: User) -> None:
    page = sign_in(clerk).get("/console/").content.decode()
    assert "街道（镇）经办人" in page
    assert "还没有任何角色" in sign_in(user("newcomer")).get("/console/").content.decode()


def test_a_page_that_is_not_there_is_told_by_the_console(sign_in: SignIn, clerk: User) -> None:
    answer = sign_in(clerk).get("/console/nothing-here/")
    assert answer.status_code == 404
    assert "回到工作台" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_door_is_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    holder(Role.CITY_BUREAU, small_city().city, "bureau")
    page = open_console(DOOR)
    if language == "en":
        page.get_by_role("button", name="English").click()
    accessible(page)
    page.locator("#id_username").fill("bureau")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/**")
    accessible(page)
    device = TOTPDevice.objects.get(user__username="bureau")
    page.locator("#id_digits").fill(digits_of(device))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    accessible(page)
