import pytest
from django.db import connection

from songhe.accounts.append_only import release
from songhe.accounts.models import Entry
from tests.divisions.builders import SmallCity, small_city


@pytest.fixture
def city(db) -> SmallCity:
    """A city 990100 of the counties 990101 and 990102, each of three towns of two villages."""
    return small_city()


@pytest.fixture
def unguarded(db) -> None:
    """An intruder with all rights in the database took the triggers of the trail away."""
    connection.check_constraints()
    release(connection, Entry._meta.db_table)
