"""What the rules say today, beside an application: the answer, what made it, and what is missing."""

from __future__ import annotations

import pytest

from songhe.casework.queries.present import offers, packages_of, present_of
from songhe.common import clock
from tests.casework.conftest import ITEM, PACKAGE, Desk


@pytest.fixture(autouse=True)
def _then(desk: Desk):
    with clock.standing_at(desk.now):
        yield


def test_somebody_entitled_with_what_made_it(desk: Desk) -> None:
    found = present_of(desk.open(desk.elder(birth_date="1940-05-01")))
    assert found is not None
    assert (found.answer, found.missing) == ("entitled", [])
    assert ("80岁以上", True, (ITEM,)) in [(one.text.zh, one.truth, one.clauses) for one in found.grounds]
    assert "死亡日期" not in " ".join(one.text.zh for one in found.grounds)
    assert found.clauses[0].id == ITEM


def test_somebody_not_entitled_with_what_fails(desk: Desk) -> None:
    found = present_of(desk.open(desk.elder(birth_date="1960-05-01")))
    assert found is not None
    assert found.answer == "not_entitled"
    assert [(one.text.zh, one.truth) for one in found.grounds] == [("80岁以上", False)]
    assert found.fen is None


def test_a_fact_that_is_missing_is_named(desk: Desk) -> None:
    found = present_of(desk.open(desk.elder(birth_date=None)))
    assert found is not None
    assert (found.answer, [one.zh for one in found.missing]) == ("undetermined", ["出生日期"])


def test_a_case_about_no_item_has_no_answer(desk: Desk) -> None:
    assert present_of(desk.open(kind="assessment_request", package="", item="")) is None


def test_offers_are_of_the_package_of_the_place_the_entitled_first(desk: Desk) -> None:
    elder = desk.elder()
    assert [package.id for package in packages_of(elder)] == [PACKAGE]
    answers = [one.answer for one in offers(elder)]
    assert answers == sorted(answers, key=["entitled", "undetermined", "not_entitled"].index)
    assert offers(desk.elder(hukou="640302001201", residence="640302001201")) == []
