"""What a year is not played into, and which months it may have."""

from __future__ import annotations

import datetime as dt

import pytest

from songhe.common import clock
from songhe.demo.errors import DemoError
from songhe.demo.year.play import play_year

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 3, 10, 12, tzinfo=clock.ZONE)


def test_months_that_are_not_over_are_refused():
    with clock.standing_at(TODAY), pytest.raises(DemoError, match="not over yet"):
        play_year(people=200, first=202510, months=6)


def test_there_is_no_year_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(DemoError, match="production"):
        play_year(people=200)
