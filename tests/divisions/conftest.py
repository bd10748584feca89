import datetime as dt

import pytest

from tests.divisions.builders import SmallCity, small_city

MIDYEAR = dt.date(2024, 7, 1)


@pytest.fixture
def city(db) -> SmallCity:
    """The small city, standing since long ago."""
    return small_city()
