"""Whose document holds at a place: one order for tasks, indicators, standards and runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.common import clock
from songhe.divisions.domain.changes import move
from songhe.entitlement.applicable import packages_for, packages_on
from songhe.indicators.packages import package_for as with_indicators
from songhe.plan.packages import package_for as with_tasks
from tests.divisions.builders import SmallCity, small_city

BEFORE, DAY = dt.date(2023, 8, 1), dt.date(2024, 8, 1)
BUILT_IN, LATER, COUNTY = "suizhou-2023", "a-suizhou-2024", "z-county-2022"


@pytest.fixture
def city(db: None, tmp_path: Path, monkeypatch: Any) -> SmallCity:
    """Suizhou with a later document of its own and an earlier one of its first county."""
    for id, division, signed in ((LATER, "421300", "2024-03-01"), (COUNTY, "421301", "2022-05-01")):
        folder = tmp_path / "policies" / id
        folder.mkdir(parents=True)
        (folder / "document.yaml").write_text(
            f"id: {id}\ntitle: {{zh: 某地实施方案, en: A local plan}}\nstatus: document\nextends: {BUILT_IN}\n"
            f"city: {{zh: 某地, en: Somewhere, division: '{division}'}}\nsigned: {signed}\n",
            encoding="utf-8",
        )
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path / "policies"))
    return small_city(prefix="4213")


def held(division: int, day: dt.date) -> str:
    """The same for tasks and indicators, and the first of all that speak."""
    found = packages_on(division, day)[0]
    assert with_indicators(division, day) is with_tasks(division, day) is found
    return found.id


def test_the_latest_document_that_was_signed_holds(city: SmallCity) -> None:
    assert (held(city.city.pk, BEFORE), held(city.city.pk, DAY)) == (BUILT_IN, LATER)


def test_the_nearest_place_comes_before_those_above_it(city: SmallCity) -> None:
    first, second = city.counties
    assert (held(first.pk, DAY), held(second.pk, DAY)) == (COUNTY, LATER)


def test_examples_come_last(city: SmallCity) -> None:
    assert [one.id for one in packages_on(city.city.pk, dt.date(2026, 6, 1))] == [LATER, BUILT_IN, "suizhou-reform-75"]


def test_a_run_is_offered_them_in_the_same_order(city: SmallCity) -> None:
    first = city.counties[0].pk
    assert packages_for(first) == packages_on(first, clock.today())


def test_what_has_moved_to_another_city_keeps_the_document_it_had_then(city: SmallCity) -> None:
    other, county = small_city(prefix="4107"), city.counties[1]
    move(division=county, to=other.city, on=DAY)
    assert (held(county.pk, BEFORE), held(county.pk, DAY)) == (BUILT_IN, "xinxiang-2022")
