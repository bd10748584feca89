"""A city, a machine that pushes, and somebody who reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Role, User
from songhe.api.domain.tokens import create_token
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    """A city 990100 of the counties 990101 and 990102, each of three towns of two villages."""
    return small_city()


@pytest.fixture
def li(city: SmallCity) -> User:
    """李强 of the eastern county 990101, who reaches no further."""
    return holder(Role.COUNTY_BUREAU, city.counties[0], "li")


@pytest.fixture
def machine() -> Callable[[User], Client]:
    """A client that acts for a user by a token."""
    return lambda user: Client(headers={"Authorization": f"Bearer {create_token(user=user, days=1)}"})


@pytest.fixture
def push(li: User, machine: Callable[[User], Client]) -> Callable[..., Any]:
    """`push([{"姓名": …}], key="a")`: what the API answers 李强's machine."""
    client = machine(li)

    def send(records: Any, *, source: str = "police", key: str | None = "k", by: Client = client, **more: Any) -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        body = json.dumps({"source": source, "records": records} | more)
        return by.post("/api/v1/records", body, content_type="application/json", headers=headers)

    return send
