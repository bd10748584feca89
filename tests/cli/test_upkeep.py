"""`songhe upkeep`: for an operator's timer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

from songhe.upkeep.jobs import JOBS
from tests.divisions.builders import small_city


@pytest.mark.django_db
def test_it_says_what_it_did_and_that_nothing_is_left(songhe: Callable[..., Result]) -> None:
    small_city()
    first = songhe("upkeep")
    assert first.exit_code == 0
    assert first.output.count("✓") == len(JOBS)
    assert "already" in songhe("upkeep").output
    assert songhe("upkeep", "--anew").output.count("✓") == len(JOBS)
