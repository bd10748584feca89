"""A code from the counter: shown once, for the person or a relative who may see the pages, on the record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role
from tests.accounts.builders import holder
from tests.citizens.conftest import NUMBER, Household, house  # noqa: F401
from tests.console.conftest import session_of


def address(house: Household) -> str:  # noqa: F811
    return f"/console/people/{house.grandma.public_id}/code/"


def digits_of(answer: Any) -> str:
    found = re.search(r'class="digits">(\d{6})<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def test_the_code_opens_the_persons_own_pages(house: Household) -> None:  # noqa: F811
    given = session_of(house.clerk).post(address(house), {"holder": "self"})
    assert given.headers["Cache-Control"] == "no-store"
    entry = Entry.objects.get(action="code.given")
    assert (entry.user, entry.details) == (house.clerk, {"holder": "本人"})
    visitor = Client()
    assert visitor.post("/my/counter/", {"number": NUMBER, "code": digits_of(given)}).url == "/my/"


def test_relatives_are_offered_once_the_person_agreed(house: Household) -> None:  # noqa: F811
    clerk = session_of(house.clerk)
    assert "王小明" not in clerk.get(address(house)).content.decode()
    house.agree()
    assert "王小明" in clerk.get(address(house)).content.decode()
    clerk.post(address(house), {"holder": str(house.son.pk)})
    assert Entry.objects.get(action="code.given").details == {"holder": "家属（子女）"}


def test_a_relative_who_is_not_offered_gets_none(house: Household) -> None:  # noqa: F811
    assert session_of(house.clerk).post(address(house), {"holder": str(house.son.pk)}).status_code == 422
    assert not Entry.objects.filter(action="code.given").exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR])
def test_who_may_not_give_codes_sees_no_button(house: Household, role: Role) -> None:  # noqa: F811
    client = session_of(holder(role, house.city.city))
    assert "给登录码" not in client.get(f"/console/people/{house.grandma.public_id}/").content.decode()
    assert client.get(address(house)).status_code == 403
