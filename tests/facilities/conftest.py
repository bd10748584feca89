"""A county, two people who record estates there, a stranger, and an estate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest

# Keys of these tests alone, unless the environment brings its own.
if not {"SONGHE_KEYS", "SONGHE_KEYS_FILE"} & set(os.environ):
    _secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    os.environ["SONGHE_KEYS"] = f"test:aes-256-gcm:{_secret} test-search:hmac-sha256:{_secret}"


@dataclass(frozen=True)
class Office:
    city: Any
    county: Any
    one: Any
    other: Any
    stranger: Any
    estate: Any


@pytest.fixture
def office(db: None) -> Office:
    from songhe.accounts.models import Role
    from tests.accounts.builders import holder
    from tests.divisions.builders import small_city
    from tests.facilities.builders import estate

    city = small_city()
    county = city.counties[0]
    one, other = (holder(Role.COUNTY_BUREAU, county, name) for name in ("one", "other"))
    stranger = holder(Role.COUNTY_BUREAU, city.counties[1], "stranger")
    return Office(city, county, one, other, stranger, estate(one, city["990101001001"]))
