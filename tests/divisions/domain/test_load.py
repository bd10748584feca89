import datetime as dt

import pytest

from songhe.divisions.domain import DivisionError, Loaded, Row, load_divisions, rename
from songhe.divisions.models import Change, Division, Version
from songhe.divisions.queries import tree_on
from tests.divisions.builders import LONG_AGO, SmallCity, small_city, small_city_rows

DAY = dt.date(2024, 7, 1)


def test_rows_come_in_any_order_and_any_length_of_code(db):
    rows = [row._replace(code=row.code.ljust(12, "0")) for row in reversed(small_city_rows())]
    assert load_divisions(rows=rows, on=LONG_AGO) == Loaded(founded=21, unchanged=0)
    assert [node.code for node in tree_on().level(3)] == ["990101", "990102"]


def test_one_load_is_one_change(city: SmallCity):
    assert [(change.kind, change.on) for change in Change.objects.all()] == [("founded", LONG_AGO)]


def test_the_same_rows_twice_change_nothing(city: SmallCity):
    assert load_divisions(rows=small_city_rows(), on=DAY) == Loaded(founded=0, unchanged=21)
    assert (Division.objects.count(), Version.objects.count(), Change.objects.count()) == (21, 21, 1)


def test_a_longer_list_adds_only_what_is_new(city: SmallCity):
    rows = [*small_city_rows(), Row("990101001003", "第3村", "990101001")]
    assert load_divisions(rows=rows, on=DAY) == Loaded(founded=1, unchanged=21)
    assert tree_on(DAY).full_name(tree_on(DAY).find("990101001003").id) == "松鹤市东县甲镇第3村"


def test_cities_stand_side_by_side(city: SmallCity):
    other = small_city(prefix="9902")
    assert {node.id for node in tree_on().children(None)} == {city.city.pk, other.city.pk}


def test_a_list_as_of_an_old_day_agrees_with_the_old_names(city: SmallCity):
    rename(division=city["990102"], name="西市", on=DAY)
    assert load_divisions(rows=small_city_rows(), on=LONG_AGO).founded == 0


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row("990102", "西市", "990100"), "disagrees with 1 divisions that exist: 西市"),
        (Row("990101001", "甲镇", "990102"), "disagrees with 1 divisions that exist: 甲镇"),
        (Row("990102", "西县", "990100", is_committee=True), "disagrees with 1"),
        (Row("990101009", "新镇", "990109"), "lies under 990109, which is neither"),
        (Row("990101009", "", "990101"), "needs a name"),
        (Row("990101009", "新镇"), "needs a parent"),
        (Row("99010", "新县"), "is no division code"),
    ],
)
def test_a_row_that_cannot_be_taken_stops_the_whole_list(city: SmallCity, row: Row, says: str):
    with pytest.raises(DivisionError, match=says):
        load_divisions(rows=[Row("990101008", "别镇", "990101"), row], on=DAY)
    assert Version.objects.count() == 21


def test_the_same_code_twice_in_a_list_is_refused(db):
    with pytest.raises(DivisionError, match="990100 already belongs to 松鹤市"):
        load_divisions(rows=[*small_city_rows(), Row("990100", "另一市")], on=DAY)
    assert Version.objects.count() == 0
