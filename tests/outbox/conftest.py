"""A city, two gateways of it, and messages to its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from songhe.accounts.models import Role, User
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city

PHONE = "13800138000"


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def gateway(city: SmallCity) -> User:
    return holder(Role.GATEWAY, city.city, "gateway")


@pytest.fixture
def second(city: SmallCity) -> User:
    return holder(Role.GATEWAY, city.city, "second")


@pytest.fixture
def message(city: SmallCity) -> Callable[..., Any]:
    """`message(minutes=10)`: one to PHONE, of the first village."""
    from songhe.outbox.domain.writing import put
    from songhe.outbox.models import Kind

    def make(*, minutes: int = 10, kind: Kind = Kind.CODE, **more: Any) -> Any:
        given = {"phone": PHONE, "text": "登录码123456", "division": city.villages[0].pk, **more}
        return put(kind=kind, lasts=dt.timedelta(minutes=minutes), **given)

    return make
