"""A county, two people who record things there, a stranger, and a home."""

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
class Bureau:
    county: Any
    one: Any
    other: Any
    stranger: Any
    clerk: Any
    home: Any


@pytest.fixture
def bureau(db: None) -> Bureau:
    from songhe.accounts.models import Role
    from tests.accounts.builders import holder
    from tests.divisions.builders import small_city
    from tests.organisations.builders import organisation

    city = small_city()
    county = city.counties[0]
    one, other = (holder(Role.COUNTY_BUREAU, county, name) for name in ("one", "other"))
    stranger = holder(Role.COUNTY_BUREAU, city.counties[1], "stranger")
    clerk = holder(Role.TOWN_CLERK, city.towns[0], "clerk")
    return Bureau(county, one, other, stranger, clerk, organisation(one, county, is_provider=True))
