"""A reform beside what is in force: who wins, who loses, what it costs."""

import pytest

from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Line, Run
from songhe.entitlement.simulating import Change, Cost, simulate
from songhe.policy.load import load_package
from tests.entitlement.conftest import PACKAGE, VILLAGE, born


@pytest.fixture(scope="module")
def reform():
    return load_package(f"{PACKAGE}-reform")


@pytest.fixture
def people(register):
    for age in (81, 85, 91, 70):
        register(hukou=VILLAGE, alive=True, birth_date=born(age))
    return register(hukou=VILLAGE, alive=True, birth_date="1946-08-15")


def test_winners_losers_and_cost_by_month_and_item(people, county, package, reform):
    found = simulate(county=county, month=202606, now=package, then=reform, months=3)
    assert (found.people, found.winners, found.losers) == (5, 2, 1)
    assert found.changes == [Change("ALLOWANCE", 2, 4000, 1, 1000)]
    assert found.costs == [
        Cost(202606, "ALLOWANCE", 3, 27000, 3, 30000),
        Cost(202607, "ALLOWANCE", 3, 27000, 3, 30000),
        # Two things happen in August: the reform's second step, and an eightieth birthday.
        Cost(202608, "ALLOWANCE", 4, 33000, 4, 41000),
    ]
    assert found.fen == (87000, 101000)


def test_nothing_of_it_stays(people, county, package, reform, runs_home):
    simulate(county=county, month=202606, now=package, then=reform)
    assert not Run.objects.exists() and not Line.objects.exists()
    assert not runs_home.exists()


def test_the_same_package_changes_nothing(people, county, package):
    found = simulate(county=county, month=202606, now=package, then=package, months=2)
    assert (found.winners, found.losers, found.changes) == (0, 0, [Change("ALLOWANCE", 0, 0, 0, 0)])


@pytest.mark.parametrize("months", [0, 61])
def test_it_looks_ahead_five_years_at_most(people, county, package, reform, months):
    with pytest.raises(RunError, match="1 to 60 months"):
        simulate(county=county, month=202606, now=package, then=reform, months=months)


def test_it_looks_at_everybody_entitled_or_at_those_who_hold_a_grant(register, county, package, granted):
    facts = {"disability_grade": "1", "disability_certificate_from": "2020-01-01"}
    li, _ = (register(hukou=VILLAGE, alive=True, birth_date=born(70), **facts) for _ in range(2))
    granted(li, "DISABILITY")

    def costs(asking):
        found = simulate(county=county, month=202606, now=package, then=package, months=1, asking=asking)
        return [(cost.item, cost.people, cost.fen_then) for cost in found.costs]

    assert costs("everybody") == [("DISABILITY", 2, 22000)]
    assert costs("holders") == [("DISABILITY", 1, 11000)]


def test_another_citys_rules_take_the_people_as_its_residents(people, county, package):
    """Suizhou pays the old-age allowance from 80, and writes no sum; free public transport begins at 65."""
    suizhou = load_package("suizhou-2023")
    found = simulate(county=county, month=202606, now=package, then=suizhou, months=1)
    turned = {one.row: (one.both, one.gained, one.lost, one.unclear, one.neither) for one in found.turned}
    assert turned["ALLOWANCE"] == (0, 0, 3, 0, 2)
    assert turned["old-age-allowance"] == (0, 3, 0, 0, 2)
    assert turned["SZ-L-08"] == (0, 5, 0, 0, 0)
    assert found.fen == (27000, 0)


def test_a_packages_own_reform_has_no_rows_of_cities(people, county, package, reform):
    assert simulate(county=county, month=202606, now=package, then=reform, months=1).turned == ()


def test_nobody_holds_a_grant_under_another_citys_rules(people, county, package):
    with pytest.raises(RunError, match="Nobody holds a grant"):
        simulate(county=county, month=202606, now=package, then=load_package("suizhou-2023"), asking="holders")
