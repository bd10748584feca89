"""Staff of a small city at the console: by Django's client, and in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.models import Role, User
from songhe.accounts.queries import needs_second_factor
from songhe.console.cockpit.ready import READY
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city

# Playwright's own loop runs in the thread of the test; Django sees it and fears for its connections.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """A database that is rolled back gives the same numbers again, as none in use does."""
    READY.clear()


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def sign_in() -> SignIn:
    """`sign_in(user)`: a client with the user's session, second factor given where the roles need one."""
    return session_of


def session_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    if needs_second_factor(user):
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = _device(user).persistent_id
        session.save()
    assert client.session[SESSION_KEY]
    return client


def _device(user: User) -> TOTPDevice:
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": user.username})
    return device


@pytest.fixture
def bureau(city: SmallCity) -> User:
    """Somebody of the city bureau, who reaches all of it."""
    return holder(Role.CITY_BUREAU, city.city, "bureau")


@pytest.fixture
def clerk(city: SmallCity) -> User:
    """A clerk of the first town."""
    return holder(Role.TOWN_CLERK, city.towns[0], "clerk")


@pytest.fixture
def open_console(browser: Any, committing: None, live_server: Any) -> Iterator[Callable[..., Any]]:
    """A tab in which a user is signed in, 1366 × 768; it fails the test on anything the browser complains of."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_tab(path: str, user: User | None = None, *, width: int = 1366, height: int = 768) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=live_server.url)
        contexts.append(context)
        if user is not None:
            value = session_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    # A wrong answer is sent with status 422, what is closed or not there with 403 and 404: the browser reports them.
    assert [text for text in complaints if not any(code in text for code in ("422", "403", "404"))] == []


@pytest.fixture
def accessible(axe: str) -> Callable[[Any], None]:
    """Fails the test with what axe-core finds wrong with a page."""

    def check(page: Any) -> None:
        page.evaluate(axe)
        found = page.evaluate("async () => (await axe.run()).violations")
        told = [f"{one['id']}: {one['help']}\n  {node['html']}" for one in found for node in one["nodes"]]
        assert told == []

    return check


@pytest.fixture
def fits() -> Callable[[Any], None]:
    """Fails the test when a page is wider than the window."""

    def check(page: Any) -> None:
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    return check


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """How many queries a page takes: a list must take as many with three rows as with one."""

    def count(client: Client, path: str) -> int:
        # What is kept in memory is there from the second time on.
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    return count
