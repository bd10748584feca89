"""Standards decided over the register: each city's answer, what is lacking per county, and what is left open."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from songhe.facilities.facts import facts_of
from songhe.facilities.queries import ESTATE, INSTITUTION, POOL, findings, shortfalls
from songhe.facilities.totals import facts_wanted, totals
from tests.facilities.builders import DAY, estate, know, pool
from tests.facilities.conftest import Office
from tests.organisations.builders import know as know_home
from tests.organisations.builders import organisation


def answers(office: Office, package: str, day: dt.date = DAY, **more: Any) -> dict[tuple[str, str], str]:
    found = findings(office.one, package, office.county.pk, day, **more)
    return {(one.thing.name, one.rule.id): one.answer for one in found}


def test_each_city_asks_its_own_of_a_new_estate(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=1_240, care_premises_m2="300")
    asked = {
        ("suizhou-2023", "SZ-STD-NEW-ESTATE"): "met",
        ("dongying-2024", "DY-STD-NEW-ESTATE"): "met",
        ("xinxiang-2022", "XX-STD-NEW-ESTATE"): "not_met",
        ("qingtongxia-2023", "QTX-STD-NEW-ESTATE"): "not_met",
    }
    for (package, standard), answer in asked.items():
        assert answers(office, package)["松苑小区", standard] == answer


def test_what_is_lacking_is_exact_and_shows_its_arithmetic(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=1_241, care_premises_m2="300.1")
    (short,) = [
        one
        for one in shortfalls(office.one, "xinxiang-2022", office.county.pk, DAY)
        if one.standard == "XX-STD-NEW-ESTATE"
    ]
    assert (short.required, short.actual, short.shortfall) == (
        Fraction("372.3"),
        Fraction("300.1"),
        Fraction("72.2"),
    )
    assert short.arithmetic == "1241 × 30 ÷ 100 = 372.3"
    assert (short.county.name, short.town.name) == ("东县", "甲镇")


def test_the_county_s_total_is_the_sum_of_what_is_lacking(office: Office) -> None:
    for number, premises in enumerate(("10", "20.5", "400")):
        estate(
            office.one,
            office.city["990101002001"],
            f"竹苑{number}",
            kind="new",
            households=1_000,
            care_premises_m2=premises,
        )
    know(office.one, office.estate, kind="new", households=100)
    found = findings(office.one, "xinxiang-2022", office.county.pk, DAY)
    (total,) = [one for one in totals(found, DAY) if one.rule.id == "XX-STD-NEW-ESTATE"]
    assert (total.met, total.not_met, total.undetermined) == (1, 2, 1)
    assert total.lacking == Fraction("569.5")
    assert (ESTATE, "care_premises_m2", 1) in facts_wanted(found)


def test_an_unknown_kind_is_undetermined_and_its_standards_are_not_left_out(office: Office) -> None:
    know(office.one, office.estate, households=100, care_premises_m2="500")
    told = answers(office, "suizhou-2023")
    assert told["松苑小区", "SZ-STD-NEW-ESTATE"] == "undetermined"


def test_facts_are_as_they_were_on_the_day_and_as_was_known_then(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=100, care_premises_m2="0")
    before = office.estate.records.latest("pk").recorded_at
    know(office.one, office.estate, dt.date(2024, 1, 1), care_premises_m2="30")
    premises = [
        facts_of([office.city.city.pk], day, known)[0].facts["care_premises_m2"]
        for day, known in ((dt.date(2023, 12, 31), None), (DAY, None), (DAY, before))
    ]
    assert premises == [0, 30, 0]


def test_nobody_sees_the_estates_of_another_county(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=100, care_premises_m2="0")
    assert findings(office.stranger, "suizhou-2023", office.city.city.pk, DAY) == []


def test_a_pool_s_households_follow_from_its_members(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=300, care_premises_m2="0")
    second = estate(office.one, office.city["990101001002"], "柏苑", kind="new", households=200, care_premises_m2="0")
    pool(office.one, office.estate, second, shared_premises_m2="90", pooling_approved=True)
    found = findings(office.one, "dongying-2024", office.county.pk, DAY, subjects=[POOL])
    (new,) = [one for one in found if one.rule.id == "DY-STD-POOL-NEW"]
    assert new.facts["new_households"] == 500
    assert (new.answer, new.decision.shortfall) == ("not_met", 10)


def test_an_approved_pool_answers_for_its_members_and_no_total_counts_twice(office: Office) -> None:
    know(office.one, office.estate, kind="new", households=300, care_premises_m2="0")
    shared = pool(office.one, office.estate, shared_premises_m2="90", pooling_approved=True)
    found = findings(office.one, "dongying-2024", office.county.pk, DAY, subjects=[ESTATE, POOL])
    sums = {one.rule.id: one for one in totals(found, DAY)}
    assert sums["DY-STD-POOL-NEW"].met == 1
    assert (sums["DY-STD-NEW-ESTATE"].pooled, sums["DY-STD-NEW-ESTATE"].lacking) == (1, 0)
    know(office.one, shared, dt.date(2024, 1, 1), pooling_approved=None)
    again = findings(office.one, "dongying-2024", office.county.pk, DAY, subjects=[ESTATE])
    assert {one.rule.id: one for one in totals(again, DAY)}["DY-STD-NEW-ESTATE"].lacking == 60


def test_a_member_of_which_the_kind_is_unknown_leaves_the_pool_open(office: Office) -> None:
    know(office.one, office.estate, households=300)
    pool(office.one, office.estate, shared_premises_m2="1000", pooling_approved=True)
    told = answers(office, "dongying-2024", subjects=[POOL])
    assert set(told.values()) == {"undetermined"}


def test_institutions_are_measured_too(office: Office) -> None:
    home = organisation(office.one, office.county)
    know_home(office.one, home, carers=10, carers_certified=8, grade=1, founder="social")
    told = answers(office, "qingtongxia-2023", subjects=[INSTITUTION])
    assert told["松鹤养老院", "QTX-STD-CERTIFIED-CARERS"] == "not_met"
    assert told["松鹤养老院", "QTX-STD-GRADE-ONE"] == "met"
    (short,) = shortfalls(office.one, "qingtongxia-2023", office.county.pk, DAY, subjects=[INSTITUTION])
    assert (short.shortfall, short.arithmetic) == (2, "10 = 10")
