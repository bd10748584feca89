"""Writers take turns."""

import pytest
from django.db import connection

from songhe.registry.sets import LOCK


@pytest.mark.postgresql
def test_who_comes_second_waits_until_the_first_has_committed(register):
    register(sex="F")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            assert cursor.fetchone() == (False,)
    finally:
        other.close()
