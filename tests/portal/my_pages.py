"""A signed-in reader of the personal pages, for tests."""

from __future__ import annotations

from django.test import Client

from tests.citizens.conftest import Household


def reader(house: Household, kinship: object = None) -> Client:
    """A client that signed in with a code of the counter."""
    client = Client(REMOTE_ADDR="192.0.2.9")
    from tests.citizens.conftest import NUMBER

    answer = client.post("/my/counter/", {"number": NUMBER, "code": house.give(kinship)})
    assert (answer.status_code, answer.url) == (302, "/my/")
    return client
