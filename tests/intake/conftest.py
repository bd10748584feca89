"""A city, people who import, and files as departments write them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from songhe.accounts.models import Role, User
from songhe.intake.domain.receiving import receive
from songhe.intake.models import Import
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city
from tests.intake.builders import csv_file


@pytest.fixture
def city(db: None) -> SmallCity:
    """A city 990100 of the counties 990101 and 990102, each of three towns of two villages."""
    return small_city()


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Any) -> Any:
    settings.UPLOADS = tmp_path / "uploads"
    return settings.UPLOADS


@pytest.fixture
def wang(city: SmallCity) -> User:
    """王芳 of the city's bureau, who imports for all of it."""
    return holder(Role.CITY_BUREAU, city.city, "wang")


@pytest.fixture
def li(city: SmallCity) -> User:
    """李强 of the eastern county 990101, who reaches no further."""
    return holder(Role.COUNTY_BUREAU, city.counties[0], "li")


@pytest.fixture
def send(wang: User) -> Callable[..., Import]:
    """`send([{"姓名": …}], source="police")`: a file received from a department, as CSV unless bytes are given."""

    def make(
        rows: Any, *, source: str = "police", user: User | None = None, name: str = "人口.csv", **more: Any
    ) -> Import:
        content = rows if isinstance(rows, bytes) else csv_file(rows)
        return receive(user=user or wang, source=source, content=io.BytesIO(content), file_name=name, **more)

    return make
