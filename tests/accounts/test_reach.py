"""Scope while divisions change in the middle of a year: nobody loses a record out of sight."""

import datetime as dt

import pytest
from django.utils import timezone

from songhe.accounts.actions import Action
from songhe.accounts.models import Grant, Role, User
from songhe.accounts.reach import reach
from songhe.accounts.scope import divisions_for
from songhe.divisions.domain import New, dissolve, found, merge, move, rename, split
from tests.accounts.builders import holder, user
from tests.divisions.builders import LONG_AGO, SmallCity

MIDYEAR = dt.date(2024, 7, 1)
DAY = dt.timedelta(days=1)


def clerk_of(*divisions, role: Role = Role.TOWN_CLERK) -> User:
    """Somebody who has held the role since before anything changed."""
    clerk = user(f"clerk{User.objects.count()}")
    for division in divisions:
        Grant.objects.create(user=clerk, role=role, division=division, valid_from=LONG_AGO)
    return clerk


def reached(clerk: User) -> frozenset[int]:
    return divisions_for(clerk, Action.PERSON_READ)


def test_a_new_name_changes_nothing(city: SmallCity) -> None:
    clerk = clerk_of(city.towns[0])
    before = reached(clerk)
    rename(division=city.towns[0], name="新城街道", on=MIDYEAR)
    assert reached(clerk) == before


def test_a_moved_town_leaves_the_reach_of_its_old_county_and_enters_the_new_ones(city: SmallCity) -> None:
    east, west = (clerk_of(county, role=Role.COUNTY_BUREAU) for county in city.counties)
    own = clerk_of(city.towns[0])
    moved = reached(own)
    move(division=city.towns[0], to=city.counties[1], on=MIDYEAR)
    assert reached(own) == moved
    assert not reached(east) & moved
    assert reached(west) >= moved


def test_a_change_to_come_changes_nothing_yet(city: SmallCity) -> None:
    east = clerk_of(city.counties[0], role=Role.COUNTY_BUREAU)
    before = reached(east)
    move(division=city.towns[0], to=city.counties[1], on=timezone.localdate() + DAY)
    assert reached(east) == before


def test_clerks_of_merged_towns_reach_the_one_they_became(city: SmallCity) -> None:
    first, second, third = (clerk_of(town) for town in city.towns[:3])
    merged = merge(divisions=city.towns[:2], into=New(code="990101009", name="丁镇"), on=MIDYEAR)
    expected = {merged.pk, *(town.pk for town in city.towns[:2]), *(village.pk for village in city.villages[:4])}
    assert reached(first) == reached(second) == expected
    assert not reached(third) & expected


def test_what_was_recorded_for_a_town_that_was_merged_away_stays_in_sight(city: SmallCity) -> None:
    gone, stays = city.towns[:2]
    merge(divisions=[gone], into=stays, on=MIDYEAR)
    for clerk in (clerk_of(stays), clerk_of(city.counties[0], role=Role.COUNTY_BUREAU)):
        assert gone.pk in reached(clerk)
    assert gone.pk not in reached(clerk_of(city.towns[2]))


def test_after_a_split_the_old_clerk_reaches_all_parts_and_what_was_before(city: SmallCity) -> None:
    clerk = clerk_of(city.towns[0])
    before = reached(clerk)
    villages = city.villages[:2]
    parts = split(
        division=city.towns[0],
        parts=[New(code="990101008", name="上镇"), New(code="990101009", name="下镇")],
        on=MIDYEAR,
        children={villages[0]: 0, villages[1]: 1},
    )
    assert reached(clerk) == before | {part.pk for part in parts}
    # What stands under the old town may belong to either part, so a clerk of one of them does not see it.
    upper = clerk_of(parts[0])
    assert reached(upper) == {parts[0].pk, villages[0].pk}
    assert city.towns[0].pk in reached(clerk_of(city.counties[0], role=Role.COUNTY_BUREAU))


def test_changes_on_changes_are_followed(city: SmallCity) -> None:
    first, second, third = city.towns[:3]
    clerk = clerk_of(first)
    middle = merge(divisions=[first, second], into=New(code="990101008", name="中镇"), on=MIDYEAR)
    last = merge(divisions=[middle, third], into=New(code="990101009", name="大镇"), on=MIDYEAR + 200 * DAY)
    assert {first.pk, second.pk, third.pk, middle.pk, last.pk} <= reached(clerk)


def test_what_was_dissolved_is_reached_by_whoever_stood_above_it(city: SmallCity) -> None:
    village = city.villages[0]
    worker = clerk_of(village, role=Role.VILLAGE_WORKER)
    dissolve(division=village, on=MIDYEAR)
    assert reached(worker) == set()
    assert village.pk in reached(clerk_of(city.towns[0]))
    assert village.pk not in reached(clerk_of(city.towns[1]))


def test_a_division_founded_later_is_reached_from_then_on(city: SmallCity) -> None:
    clerk = clerk_of(city.towns[0])
    tomorrow = found(code="990101001009", name="明村", on=timezone.localdate() + DAY, parent=city.towns[0])
    today = found(code="990101001008", name="今村", on=timezone.localdate(), parent=city.towns[0])
    assert today.pk in reached(clerk)
    assert tomorrow.pk not in reached(clerk)


def test_a_role_over_what_is_no_more_or_never_was_reaches_nothing(city: SmallCity) -> None:
    dissolve(division=city.villages[0], on=MIDYEAR)
    today = timezone.localdate()
    assert reach([(city.villages[0].pk, MIDYEAR), (10**9, LONG_AGO)], today) == set()
    assert reach([], today) == set()


@pytest.mark.django_db
def test_before_any_division_nothing_is_reached() -> None:
    assert reach([(1, LONG_AGO)], timezone.localdate()) == set()


def test_a_role_younger_than_a_merger_that_was_recorded_late_goes_on(city: SmallCity) -> None:
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    merge(divisions=[city.towns[0]], into=city.towns[1], on=dt.date(2024, 7, 1))
    assert {city.towns[0].pk, city.towns[1].pk} < divisions_for(clerk, Action.PERSON_READ)


def test_a_role_over_a_division_dissolved_before_it_was_given_reaches_nothing(city: SmallCity) -> None:
    worker = holder(Role.VILLAGE_WORKER, city.villages[0])
    dissolve(division=city.villages[0], on=dt.date(2024, 7, 1))
    assert divisions_for(worker, Action.PERSON_READ) == frozenset()
