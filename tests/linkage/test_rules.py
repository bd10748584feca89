"""Are these two the same person? The rules, case by case."""

import datetime as dt

import pytest

from songhe.linkage.numbers import swapped_day
from songhe.linkage.rules import WORDS, Identity, Rule, compare
from tests.registry.conftest import number

BORN, SWAPPED = dt.date(1944, 2, 9), dt.date(1944, 9, 2)
NUMBER = number(7, "19440209")
VILLAGE, OTHER = "640381001201", "640381001202"
ZHANG = Identity("张伟", NUMBER, BORN, "M", VILLAGE)
NONE = ZHANG._replace(resident_id=None)
CHANGED = NUMBER[:4] + ("9" if NUMBER[4] != "9" else "1") + NUMBER[5:]
NEIGHBOURS = NUMBER[:13] + NUMBER[14] + NUMBER[13] + NUMBER[15:]
LOST = NUMBER[:8] + NUMBER[9:]
FAR = "9" * 17 + "1"


@pytest.mark.parametrize(
    ("other", "kind", "rule"),
    [
        (ZHANG, "same", Rule.NUMBER),
        (ZHANG._replace(name="张炜", birth_date=None), "same", Rule.NUMBER),
        (Identity(resident_id=NUMBER), "same", Rule.NUMBER),
        (ZHANG._replace(name="李明"), "likely", Rule.NUMBER_OTHER_NAME),
        (ZHANG._replace(resident_id=NUMBER[:6] + NUMBER[8:17]), "same", Rule.NUMBER),
        (ZHANG._replace(resident_id=CHANGED), "same", Rule.NUMBER_SLIP),
        (ZHANG._replace(resident_id=NEIGHBOURS, name="張偉"), "same", Rule.NUMBER_SLIP),
        (ZHANG._replace(resident_id=LOST), "same", Rule.NUMBER_SLIP),
        (ZHANG._replace(resident_id=CHANGED, birth_date=SWAPPED), "same", Rule.NUMBER_SLIP),
        (ZHANG._replace(resident_id=CHANGED, sex="F"), "likely", Rule.NUMBER_SLIP_OTHER),
        (ZHANG._replace(resident_id=CHANGED, birth_date=dt.date(1951, 1, 1)), "likely", Rule.NUMBER_SLIP_OTHER),
        (ZHANG._replace(resident_id=CHANGED, name="章伟"), "likely", Rule.NUMBER_SLIP_OTHER),
        (ZHANG._replace(resident_id=CHANGED, name="李明"), "different", Rule.NOTHING),
        (ZHANG._replace(resident_id=FAR), "likely", Rule.NAME_BIRTH_SEX_PLACE),
        (ZHANG._replace(resident_id=FAR, name="李明"), "different", Rule.NOTHING),
        (NONE, "same", Rule.NAME_BIRTH_SEX_PLACE),
        (NONE._replace(name="張 偉"), "same", Rule.NAME_BIRTH_SEX_PLACE),
        (NONE._replace(residence=OTHER), "likely", Rule.NAME_BIRTH_SEX),
        (NONE._replace(residence=None), "likely", Rule.NAME_BIRTH_SEX),
        (NONE._replace(residence="640381001"), "likely", Rule.NAME_BIRTH_SEX),
        (NONE._replace(birth_date=SWAPPED), "likely", Rule.NAME_SWAPPED_DAY),
        (NONE._replace(birth_date=SWAPPED, residence=OTHER), "different", Rule.NOTHING),
        (NONE._replace(sex="F"), "different", Rule.NOTHING),
        (NONE._replace(name="章伟"), "different", Rule.NOTHING),
        (NONE._replace(birth_date=None), "different", Rule.NOTHING),
        (Identity(), "different", Rule.NOTHING),
    ],
)
def test_beside_a_man_with_a_number(other, kind, rule):
    for verdict in (compare(ZHANG, other), compare(other, ZHANG)):
        assert (verdict.kind, verdict.rule) == (kind, rule)


def test_twins_are_two():
    twin = ZHANG._replace(name="张强", resident_id=number(9, "19440209"))
    assert compare(ZHANG, twin).rule is Rule.NUMBERS_DIFFER


def test_namesakes_with_numbers_of_their_own_are_two_even_in_one_village():
    namesake = ZHANG._replace(resident_id=number(9, "19440209"))
    assert compare(ZHANG, namesake).kind == "different"


def test_two_valid_numbers_that_swap_the_day_are_for_a_person():
    # The check character does not tell 2 October from 10 February.
    october, february = number(7, "19441002"), number(7, "19440210")
    assert swapped_day(october) == february
    assert compare(ZHANG._replace(resident_id=october), ZHANG._replace(resident_id=february)).kind == "likely"
    assert compare(ZHANG._replace(resident_id=october), Identity("李明", february)).kind == "different"


def test_the_same_wrong_number_under_one_name_is_the_same():
    wrong = ZHANG._replace(resident_id=CHANGED)
    assert compare(wrong, wrong).rule is Rule.NUMBER_UNREADABLE
    assert compare(wrong, wrong._replace(name="李明")).kind == "likely"


def test_what_only_holds_alone_says_so():
    assert compare(ZHANG, NONE).if_unique
    assert not compare(ZHANG, ZHANG).if_unique


def test_every_rule_has_words():
    assert set(WORDS) == set(Rule)
