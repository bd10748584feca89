"""Who lives where: counted once a month, as then and as now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from songhe.accounts.actions import Action
from songhe.accounts.models import Role, User
from songhe.common.clock import ZONE, standing_at
from songhe.divisions.domain import merge, move
from songhe.registry.domain.population import measure_population
from songhe.registry.models import PopulationCount
from songhe.registry.population import people_in, structure, structures
from tests.accounts.builders import holder
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city

MARCH, CHANGE, LATER = dt.date(2026, 3, 31), dt.date(2026, 5, 1), dt.date(2026, 9, 30)
FIRST, SECOND, FAR = "990101001001", "990101001002", "990102001001"


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def bureau(city: SmallCity) -> User:
    return holder(Role.CITY_BUREAU, city.city)


def count_on(day: dt.date) -> Any:
    with standing_at(dt.datetime.combine(day, dt.time(12), ZONE)):
        return measure_population()


@pytest.fixture
def people(city: SmallCity) -> Iterator[None]:
    somebody(FIRST, name="甲", birth_date="1966-03-31", sex="F", living="alone", ability="intact")
    somebody(FIRST, name="乙", birth_date="1966-04-01", sex="F", dibao=True, tekun="none")
    somebody(SECOND, name="丙", birth_date="1926-03-31", sex="M", tekun="scattered", dibao=True, hukou_type="rural")
    somebody(FAR, name="丁", birth_date="1940-01-01", sex="M", tekun="none", dibao=False)
    yield


def test_bands_begin_on_the_birthday_and_everybody_is_in_one_of_each_kind(people: None, bureau: User) -> None:
    assert count_on(MARCH).people == 4
    city = bureau.division_id
    found = structure(bureau, city, MARCH)
    assert found is not None
    ages = {name: number for name, number in found.figures.items() if name.startswith("age.")}
    assert ages == {"age.F.60": 1, "age.F.under": 1, "age.M.100": 1, "age.M.85": 1}
    assert {group: found.of(group) for group in ("living.", "ability.", "hukou.", "relief.")} == {
        "living.": 4,
        "ability.": 4,
        "hukou.": 4,
        "relief.": 4,
    }
    relief = {name: number for name, number in found.figures.items() if name.startswith("relief.")}
    assert relief == {"relief.unknown": 1, "relief.dibao": 1, "relief.tekun": 1, "relief.none": 1}
    assert (found.get("living.alone"), found.get("living.unknown"), found.get("living.nobody")) == (1, 3, 0)


def test_a_month_is_counted_once_and_the_months_before_stay(people: None, bureau: User) -> None:
    for day in (MARCH, LATER - dt.timedelta(days=3), LATER):
        count_on(day)
    city = bureau.division_id
    assert [one.day for one in structures(bureau, city, LATER)] == [MARCH, LATER]
    assert structure(bureau, city, dt.date(2026, 8, 1)).day == MARCH
    assert structure(bureau, city, dt.date(2026, 1, 1)) is None


def test_a_town_that_moved_counts_there_then_and_here_now(people: None, bureau: User, city: SmallCity) -> None:
    count_on(MARCH)
    east, west = city.counties
    move(division=city.towns[0], to=west, on=CHANGE)
    count_on(LATER)

    def counted(division: Any, tree: str) -> list[int]:
        return [one.people for one in structures(bureau, division.pk, LATER, tree=tree)]

    assert counted(east, "then") == [3, 0]
    assert counted(west, "then") == [1, 4]
    assert counted(west, "now") == [4, 4]
    assert counted(city.city, "now") == counted(city.city, "then") == [4, 4]
    assert structure(bureau, east.pk, MARCH, tree="now").people == 0


def test_a_village_that_took_another_in(people: None, bureau: User, city: SmallCity) -> None:
    count_on(MARCH)
    one, two = city.villages[:2]
    merge(divisions=[one], into=two, on=CHANGE)
    assert structure(bureau, two.pk, LATER, tree="then").people == 1
    assert structure(bureau, two.pk, LATER, tree="now").people == 3


def test_it_is_seen_within_reach_only(people: None, city: SmallCity) -> None:
    call_command("measure_population")
    east, west = city.counties
    clerk = holder(Role.COUNTY_BUREAU, east)
    assert structure(clerk, east.pk).people == 3
    assert structure(clerk, west.pk) is None
    both = [east.pk, west.pk]
    assert people_in(clerk, both, dt.date(2200, 1, 1), Action.INDICATOR_READ) == {east.pk: 3}
    assert PopulationCount.objects.filter(division=west).exists()
