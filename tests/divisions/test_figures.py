"""Figures of a year in whose middle the tree changes: as it was then, and as it is now.

In every village ten people are counted in March and eleven in September.
"""

import datetime as dt

import pytest

from songhe.divisions.codes import CITY, COUNTY, TOWN, VILLAGE
from songhe.divisions.domain import New, dissolve, merge, move, recode, rename, split
from songhe.divisions.queries import count_by, tree_on
from tests.divisions.builders import SmallCity

MARCH, MIDYEAR, SEPTEMBER = dt.date(2024, 3, 31), dt.date(2024, 7, 1), dt.date(2024, 9, 30)
VILLAGES = 12


def counted(day: dt.date, each: int) -> list[tuple[int, dt.date, int]]:
    return [(node.id, day, each) for node in tree_on(day).level(VILLAGE)]


@pytest.fixture
def march(city: SmallCity) -> list[tuple[int, dt.date, int]]:
    """Counted before the change."""
    return counted(MARCH, 10)


def figures(level: int, counts: list[tuple[int, dt.date, int]], as_of: dt.date | None = None) -> dict[str, int]:
    """Figures by code, as the codes are on the day of the tree."""
    tree = tree_on(as_of or counts[0][1])
    found = count_by(level, counts, as_of=as_of)
    return {"" if one is None else tree.node(one).code: number for one, number in found.items()}


def test_a_renamed_county_keeps_its_figures(city: SmallCity, march):
    rename(division=city["990102"], name="西市", on=MIDYEAR)
    assert figures(COUNTY, march) == {"990101": 60, "990102": 60}
    assert figures(COUNTY, march, SEPTEMBER) == {"990101": 60, "990102": 60}


def test_a_recoded_county_keeps_its_figures(city: SmallCity, march):
    recode(division=city["990102"], code="990182", on=MIDYEAR)
    assert figures(COUNTY, march, SEPTEMBER) == {"990101": 60, "990182": 60}
    assert figures(COUNTY, counted(SEPTEMBER, 11), MARCH) == {"990101": 66, "990102": 66}


def test_a_town_that_moved_counts_there_then_and_here_now(city: SmallCity, march):
    move(division=city["990101001"], to=city["990102"], on=MIDYEAR)
    september = counted(SEPTEMBER, 11)
    assert figures(COUNTY, march) == {"990101": 60, "990102": 60}
    assert figures(COUNTY, september) == {"990101": 44, "990102": 88}
    assert figures(COUNTY, march, SEPTEMBER) == {"990101": 40, "990102": 80}
    assert figures(COUNTY, september, MARCH) == {"990101": 66, "990102": 66}


def test_a_year_as_then_takes_each_count_in_the_tree_of_its_day(city: SmallCity, march):
    move(division=city["990101001"], to=city["990102"], on=MIDYEAR)
    year = march + counted(SEPTEMBER, 11)
    assert figures(COUNTY, year) == {"990101": 60 + 44, "990102": 60 + 88}
    assert figures(COUNTY, year, SEPTEMBER) == {"990101": 40 + 44, "990102": 80 + 88}


def test_the_change_holds_from_its_very_day(city: SmallCity):
    move(division=city["990101001"], to=city["990102"], on=MIDYEAR)
    assert figures(COUNTY, counted(MIDYEAR - dt.timedelta(days=1), 1)) == {"990101": 6, "990102": 6}
    assert figures(COUNTY, counted(MIDYEAR, 1)) == {"990101": 4, "990102": 8}


def test_merged_towns_add_up(city: SmallCity, march):
    merge(divisions=[city["990101001"], city["990101002"]], into=New("990101009", "新镇"), on=MIDYEAR)
    before, after = figures(TOWN, march), figures(TOWN, march, SEPTEMBER)
    assert (before["990101001"], before["990101002"], before["990101003"]) == (20, 20, 20)
    assert (after["990101009"], after["990101003"]) == (40, 20)
    assert sum(before.values()) == sum(after.values()) == 10 * VILLAGES


def test_merged_villages_add_up_and_as_then_stay_apart(city: SmallCity, march):
    merge(divisions=[city["990101001001"]], into=city["990101001002"], on=MIDYEAR)
    assert figures(VILLAGE, march)["990101001001"] == 10
    assert figures(VILLAGE, march, SEPTEMBER)["990101001002"] == 20
    assert "990101001001" not in figures(VILLAGE, march, SEPTEMBER)


def test_after_a_merger_the_year_before_cannot_be_told_apart(city: SmallCity):
    merge(divisions=[city["990101001001"]], into=city["990101001002"], on=MIDYEAR)
    back = figures(VILLAGE, counted(SEPTEMBER, 11), MARCH)
    assert back["990101001"] == 11
    assert "990101001002" not in back


def test_a_split_county_gives_each_part_its_towns(city: SmallCity, march):
    towns = {city["990101001"]: 0, city["990101002"]: 1, city["990101003"]: 1}
    split(division=city["990101"], parts=[New("990104", "北县"), New("990105", "南县")], on=MIDYEAR, children=towns)
    assert figures(COUNTY, march) == {"990101": 60, "990102": 60}
    assert figures(COUNTY, march, SEPTEMBER) == {"990104": 20, "990105": 40, "990102": 60}


def test_a_split_village_stands_under_the_town_that_holds_both_parts(city: SmallCity, march):
    parts = [New("990101001011", "上村"), New("990101001012", "下村")]
    split(division=city["990101001001"], parts=parts, on=MIDYEAR, children={})
    now = figures(VILLAGE, march, SEPTEMBER)
    assert now["990101001"] == 10
    assert now["990101001002"] == 10
    assert figures(TOWN, march, SEPTEMBER)["990101001"] == 20


def test_a_village_split_between_counties_stands_under_the_city(city: SmallCity, march):
    neighbours = [city["990101002001"], city["990102001001"]]
    split(division=city["990101001001"], parts=neighbours, on=MIDYEAR, children={})
    assert figures(COUNTY, march, SEPTEMBER) == {"990100": 10, "990101": 50, "990102": 60}


def test_a_village_that_gave_a_part_away_is_not_told_apart(city: SmallCity, march):
    parts = [New("990101001011", "上村")]
    split(division=city["990101001001"], parts=parts, on=MIDYEAR, children={}, continues=True)
    now = figures(VILLAGE, march, SEPTEMBER)
    assert now["990101001"] == 10
    assert "990101001001" not in now


def test_a_dissolved_village_stands_under_its_town(city: SmallCity, march):
    dissolve(division=city["990101001001"], on=MIDYEAR)
    assert figures(VILLAGE, march, SEPTEMBER)["990101001"] == 10
    assert figures(TOWN, march, SEPTEMBER) == figures(TOWN, march)


def test_a_dissolved_village_follows_its_town(city: SmallCity, march):
    dissolve(division=city["990101001001"], on=dt.date(2024, 6, 1))
    move(division=city["990101001"], to=city["990102"], on=MIDYEAR)
    assert figures(COUNTY, march, SEPTEMBER) == {"990101": 40, "990102": 80}


def test_what_is_known_only_for_the_county_stays_there(city: SmallCity):
    counts = [(city.id("990101"), MARCH, 7), (city.id("990101001001"), MARCH, 1)]
    assert figures(TOWN, counts) == {"990101": 7, "990101001": 1}
    assert figures(CITY, counts) == {"990100": 8}


def test_what_did_not_exist_is_counted_nowhere_but_counted(city: SmallCity):
    counts = [(city.id("990101"), dt.date(1990, 1, 1), 7), (city.id("990101"), MARCH, 1)]
    assert count_by(COUNTY, counts) == {None: 7, city.id("990101"): 1}


def test_nothing_counted_gives_nothing(city: SmallCity):
    assert count_by(COUNTY, []) == {}
