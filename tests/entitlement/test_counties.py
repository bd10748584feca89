"""A reform tried out in a city: county by county, and as their sum."""

import pytest

from songhe.entitlement.counties import counties_in, counties_under, simulate_counties
from songhe.entitlement.errors import RunError
from songhe.entitlement.simulating import Change, Cost, simulate
from songhe.policy.load import load_package
from songhe.registry.snapshot import SnapshotError
from tests.entitlement.conftest import ELSEWHERE, PACKAGE, VILLAGE, born

WHERE = {"640381": VILLAGE, "640302": ELSEWHERE}


@pytest.fixture(scope="module")
def reform():
    return load_package(f"{PACKAGE}-reform")


@pytest.fixture
def people(register):
    """Three who are paid in 青铜峡市, one of 82 in 利通区."""
    for age in (81, 85, 91):
        register(hukou=VILLAGE, alive=True, birth_date=born(age))
    return register(hukou=ELSEWHERE, alive=True, birth_date=born(82))


@pytest.fixture
def tried(divisions, package, reform):
    def make(code="640300", **more):
        asked = {"division": divisions[code], "month": 202606, "now": package, "then": reform, "months": 2}
        return simulate_counties(**{**asked, **more})

    return make


def test_counties_are_kept_apart_and_summed(people, tried, divisions):
    told = []
    found = tried(asking="holders", report=lambda *step: told.append(step))
    assert told == [(step, part, 2) for part in (0, 1) for step in ("people", "before", "after", "comparing")]
    assert (found.county, found.people, found.winners, found.losers) == (divisions["640300"], 4, 3, 1)
    assert found.changes == [Change("ALLOWANCE", 3, 6000, 1, 1000)]
    assert found.costs == [Cost(month, "ALLOWANCE", 4, 33000, 4, 38000) for month in (202606, 202607)]
    beside, here = found.counties
    assert (beside.county, beside.people, beside.winners, beside.fen) == (divisions["640302"], 1, 1, (12000, 16000))
    assert (here.county, here.people, here.losers, here.fen) == (divisions["640381"], 3, 1, (54000, 60000))


def test_a_county_is_its_own_and_only_one(people, tried, divisions, package, reform):
    found = tried("640381")
    alone = simulate(county=divisions["640381"], month=202606, now=package, then=reform, months=2)
    assert (found.county, found.costs, found.people, found.counties) == (alone.county, alone.costs, 3, [alone])


def test_items_of_one_county_alone_stand_in_the_sum(register, people, tried):
    facts = {"disability_grade": "1", "disability_certificate_from": "2020-01-01"}
    register(hukou=ELSEWHERE, alive=True, birth_date=born(70), **facts)
    found = tried(months=1)
    assert [(cost.item, cost.people, cost.fen) for cost in found.costs] == [
        ("ALLOWANCE", 4, 33000),
        ("DISABILITY", 1, 11000),
    ]


@pytest.mark.parametrize("code", WHERE)
def test_a_county_without_anybody_is_left_out(register, tried, divisions, code):
    register(hukou=WHERE[code], alive=True, birth_date=born(82))
    assert [county.county for county in tried().counties] == [divisions[code]]


def test_a_city_without_anybody_is_told(register, tried):
    with pytest.raises(SnapshotError, match="Nothing had been recorded"):
        tried()
    register(alive=True, birth_date=born(82))
    with pytest.raises(SnapshotError, match="Nobody's file"):
        tried()


def test_months_are_refused_before_anybody_is_looked_at(people, tried):
    with pytest.raises(RunError, match="1 to 60 months"):
        tried(months=61)


def test_whoever_moves_meanwhile_counts_once(people, tried, register, by):
    """利通区 is decided first; who is written into 青铜峡市 while that goes on is not seen there."""

    def report(step, part, parts):
        if (step, part) == ("comparing", 0):
            register(hukou=VILLAGE, alive=True, birth_date=born(85))

    assert tried(report=report).people == 4
    assert tried().people == 5


def test_a_county_lies_under_itself_and_a_town_stands_for_itself(divisions, package):
    town = next(id for code, id in divisions.items() if code.startswith("640381001"))
    assert counties_under(divisions["640300"], package, 202606) == [divisions["640302"], divisions["640381"]]
    assert counties_under(divisions["640381"], package, 202606) == [divisions["640381"]]
    assert counties_under(town, package, 202606) == [town]


def test_a_result_without_counties_is_its_own_county():
    assert counties_in({"county": 7, "people": 3}) == [{"county": 7, "people": 3}]
