"""The public's pages know nobody; sessions and sign-in exist below the staff's paths alone."""

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.builders import PASSWORD, user

pytestmark = pytest.mark.urls("tests.accounts.pages")
PUBLIC = ["/", "/ask/", "/compare/", "/healthz", "/policy/suizhou-2023/", "/no-such-page/", "/consoles", "/apiary"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_sets_no_cookie_and_asks_no_database(client: Client, path: str) -> None:
    # Without the fixture `db`, any query fails the test.
    for method in (client.get, client.post):
        answer = method(path)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert not hasattr(answer.wsgi_request, "session")
        assert not hasattr(answer.wsgi_request, "user")


def test_a_public_page_does_not_look_at_cookies_that_come_along(client: Client) -> None:
    client.cookies["sessionid"] = "somebody's"
    assert client.get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/console/sign-in/", "/api/people"])
def test_a_staff_page_knows_who_is_there_and_is_never_cached(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.wsgi_request.user.is_anonymous
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_forged_requests_are_refused_for_staff() -> None:
    user("fang")
    client = Client(enforce_csrf_checks=True)
    assert client.post("/console/sign-in/", {"username": "fang", "password": PASSWORD}).status_code == 200
    assert client.post("/console/").status_code == 403
    assert client.post("/api/people").status_code == 403


@pytest.mark.django_db
def test_a_mistake_in_a_staff_page_answers_500_with_the_usual_headers(client: Client) -> None:
    user("fang")
    client.post("/console/sign-in/", {"username": "fang", "password": PASSWORD})
    client.raise_request_exception = False
    answer = client.get("/console/broken/")
    assert answer.status_code == 500
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_nothing_that_knows_people_runs_for_every_path() -> None:
    knows = ("session", "auth", "csrf", "otp", "axes", "messages", "accounts")
    assert not [name for name in settings.MIDDLEWARE if any(word in name.lower() for word in knows)]
    assert settings.STAFF_PATHS == ("/console/", "/api/")
