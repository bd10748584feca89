"""A small city with some hundred older people, told once for all tests of a module, and officers of its counties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from songhe.accounts.models import Role, User
from songhe.common import clock
from songhe.reports.domain.making import make_report
from songhe.reports.models import Report
from songhe.reports.period import read_period
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity
from tests.reports.people import populated_city

MONTH = read_period("2024-05")
MOMENT = dt.datetime(2024, 6, 3, 9, 30, tzinfo=clock.ZONE)


@dataclass(frozen=True)
class Told:
    """The city, two officers of its first county, one of the city, and the county's report of May 2024."""

    city: SmallCity
    chen: User
    ma: User
    bureau: User
    report: Report


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    with django_db_blocker.unblock(), transaction.atomic(), clock.standing_at(MOMENT):
        city = populated_city()
        county = city.counties[0]
        chen, ma = (holder(Role.COUNTY_BUREAU, county, name) for name in ("chen", "ma"))
        bureau = holder(Role.CITY_BUREAU, city.city, "bureau")
        report = make_report(by=chen, division=county.pk, period=MONTH)
        yield Told(city, chen, ma, bureau, report)
        transaction.set_rollback(True)
