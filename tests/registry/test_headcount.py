"""People in a division, month by month: within the borders of then, and within those of now."""

from __future__ import annotations

import datetime as dt

import pytest

from songhe.accounts.models import Role, User
from songhe.divisions.domain import merge, move
from songhe.divisions.queries import tree_on
from songhe.registry.headcount import Headcount, headcounts, latest
from songhe.registry.models import QualityRow
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city

MARCH, CHANGE, LATER = dt.date(2026, 3, 31), dt.date(2026, 5, 1), dt.date(2026, 9, 30)


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def technician(city: SmallCity) -> User:
    return holder(Role.TECHNICIAN, city.city)


def measured(day: dt.date, each: int) -> None:
    """So many people in every village, and one more of whom only the county is known."""
    tree = tree_on(day)
    for node in tree:
        villages = sum(1 for one in tree.subtree([node.id]) if tree.node(one).level == 5)
        counties = sum(1 for one in tree.subtree([node.id]) if tree.node(one).level == 3)
        number = each * villages + counties
        QualityRow.objects.create(division_id=node.id, day=day, fact="name", asked=number, known=number, conflicts=0)


def test_a_town_that_moved_counts_there_then_and_here_now(city: SmallCity, technician: User) -> None:
    measured(MARCH, 10)
    east, west = city.counties
    move(division=city.towns[0], to=west, on=CHANGE)
    measured(LATER, 11)
    assert headcounts(technician, east.pk) == [Headcount(LATER, 45, 45), Headcount(MARCH, 61, 41)]
    assert headcounts(technician, west.pk) == [Headcount(LATER, 89, 89), Headcount(MARCH, 61, 81)]


def test_a_village_that_took_another_in(city: SmallCity, technician: User) -> None:
    measured(MARCH, 10)
    one, two = city.villages[:2]
    merge(divisions=[one], into=two, on=CHANGE)
    assert headcounts(technician, two.pk) == [Headcount(MARCH, 10, 20)]
    assert headcounts(technician, one.pk) == [Headcount(MARCH, 10, None)]
    assert latest(technician, [two.pk]) == (MARCH, {two.pk: 10})


def test_nothing_is_shown_out_of_reach_or_before_it_was_counted(city: SmallCity, technician: User) -> None:
    assert headcounts(technician, city.city.pk) == []
    assert latest(technician, [city.city.pk]) == (None, {})
    measured(MARCH, 10)
    provider = holder(Role.PROVIDER, city.towns[0])
    assert headcounts(provider, city.towns[0].pk) == [Headcount(MARCH, 20, 20)]
    assert headcounts(provider, city.counties[1].pk) == []
