import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from songhe.divisions.domain import found, rename
from songhe.divisions.domain.plan import changing
from songhe.divisions.queries import history, resolve, tree_on
from tests.divisions.builders import LONG_AGO, SmallCity, small_city

DAY = dt.date(2024, 7, 1)


def test_before_the_first_division_the_tree_is_empty(city: SmallCity):
    assert len(tree_on(LONG_AGO - dt.timedelta(days=1))) == 0
    assert len(tree_on(LONG_AGO)) == 21
    assert resolve("990101", LONG_AGO - dt.timedelta(days=1)) is None


def test_without_any_division_there_is_a_tree_all_the_same(db):
    assert len(tree_on()) == 0
    assert tree_on().find("990101") is None


def test_without_a_day_it_is_today_in_china(city: SmallCity):
    today = timezone.localdate()
    town = found(code="990101004", name="丁镇", parent=city["990101"], on=today)
    assert town.pk in tree_on()
    assert resolve("990101004") == town.pk
    assert town.pk not in tree_on(today - dt.timedelta(days=1))


@pytest.mark.parametrize("villages", [1, 3])
def test_a_tree_in_memory_costs_one_question(city: SmallCity, django_assert_num_queries, villages: int):
    for number in range(villages):
        found(code=f"99010100100{number + 3}", name="新村", parent=city["990101001"], on=DAY)
    with django_assert_num_queries(3):
        tree_on()
    with django_assert_num_queries(1):
        tree_on()
    with django_assert_num_queries(1):
        tree_on(DAY)


def test_a_tree_in_hand_stays_what_it_was(city: SmallCity):
    tree = tree_on(DAY)
    rename(division=city["990102"], name="西市", on=DAY)
    assert tree.find("990102").name == "西县"
    assert tree_on(DAY).find("990102").name == "西市"


def test_a_change_that_was_rolled_back_leaves_no_trace(city: SmallCity):
    for name in ("西市", "西区"):
        with transaction.atomic():
            rename(division=city["990102"], name=name, on=DAY)
            assert tree_on(DAY).find("990102").name == name
            transaction.set_rollback(True)
        assert tree_on(DAY).find("990102").name == "西县"


def test_a_tree_read_half_way_through_a_change_is_not_kept(city: SmallCity):
    with changing("renamed", DAY, "", "") as plan:
        plan.revise(city["990102"], name="西市")
        assert tree_on(DAY).find("990102").name == "西县"
    assert tree_on(DAY).find("990102").name == "西市"


def test_days_between_two_changes_share_one_tree(city: SmallCity):
    rename(division=city["990102"], name="西市", on=DAY)
    assert tree_on(DAY) is tree_on(DAY + dt.timedelta(days=400))
    assert tree_on(LONG_AGO) is tree_on(DAY - dt.timedelta(days=1))


def test_the_history_of_a_division_tells_every_name(city: SmallCity):
    rename(division=city["990102"], name="西市", on=DAY, document="国函〔2024〕1号")
    first, second = history(city.id("990102"))
    assert (first.node.name, first.kind, first.valid_from, first.valid_to) == (
        "西县",
        "founded",
        LONG_AGO,
        DAY - dt.timedelta(days=1),
    )
    assert (second.node.name, second.kind, second.document, second.valid_to) == (
        "西市",
        "renamed",
        "国函〔2024〕1号",
        None,
    )


def test_two_cities_are_built_apart(city: SmallCity):
    other = small_city(prefix="9902")
    assert len(other.villages) == len(city.villages) == 12
    assert not set(other.villages) & set(city.villages)
