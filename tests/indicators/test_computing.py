"""Indicators counted from the platform's own records."""

from fractions import Fraction

import pytest

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.decision.indicator import NOT_MET, UNDETERMINED, Reading
from songhe.entitlement.files import home
from songhe.indicators.domain.computing import compute
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Computation, Tally
from songhe.indicators.queries import by_child, standings, trend
from songhe.policy.load import load_package
from tests.indicators.builders import DAY, TOWNS

PACKAGE = load_package("qingtongxia-2023")
TEKUN = "QTX-I-01"


def counted(place, **more):
    return compute(by=place.one, package=PACKAGE, division=place.county, day=DAY, **more)


def tekun(place, village, **facts):
    said = {"alive": True, "residence": village, "tekun": "central", "self_care_unable_recognised": True}
    return place.register(**{**said, **facts})


def found(place, code, indicator=TEKUN):
    user = place.one
    standing = standings(user, PACKAGE, place.ids[code], DAY, only=(indicator,))[0]
    return standing


def test_people_are_counted_where_they_live_and_in_all_that_lies_above(place):
    tekun(place, "640381001201")
    tekun(place, "640381001202", tekun="scattered")
    tekun(place, "640381002201")
    computation, is_new = counted(place)
    assert is_new and computation.people == 3
    assert found(place, "640381").reading == Reading(Fraction(2), Fraction(3))
    assert found(place, "640381001").reading == Reading(Fraction(1), Fraction(2))
    assert found(place, "640381001202").reading == Reading(Fraction(0), Fraction(1))
    assert found(place, "640381002202").reading == Reading(Fraction(0), Fraction(0))


def test_who_may_count_is_kept_apart_from_who_does(place):
    tekun(place, "640381001201")
    tekun(place, "640381001201", tekun="scattered")
    tekun(place, "640381001201", self_care_unable_recognised=None)
    counted(place)
    standing = found(place, "640381")
    assert standing.reading == Reading(Fraction(1), Fraction(2), Fraction(2), Fraction(3))
    # One of two, or two of three: 60 % may be reached and may not.
    assert standing.answer == UNDETERMINED


def test_the_dead_are_not_counted(place):
    tekun(place, "640381001201")
    tekun(place, "640381001201", alive=False)
    counted(place)
    assert found(place, "640381").reading == Reading(Fraction(1), Fraction(1))


def test_counting_the_same_again_adds_nothing_and_a_late_fact_adds_a_computation(place):
    tekun(place, "640381001201")
    first, _ = counted(place)
    again, is_new = counted(place)
    assert (again, is_new) == (first, False)
    tekun(place, "640381001201", tekun="scattered")
    second, is_new = counted(place)
    assert is_new and second.number == 2
    assert found(place, "640381").reading == Reading(Fraction(1), Fraction(2))
    assert found(place, "640381").answer == NOT_MET
    assert Entry.objects.filter(action="indicator.computed").count() == 2
    then = {"known": first.made_at}
    before = standings(place.one, PACKAGE, place.county, DAY, only=(TEKUN,), **then)[0]
    assert before.reading == Reading(Fraction(1), Fraction(1))
    assert [point.denominator for point in trend(place.one, PACKAGE, TEKUN, place.county, DAY, **then)] == [1]
    assert by_child(place.one, PACKAGE, TEKUN, place.county, DAY, **then)[0][1].reading == before.reading


def test_what_breaks_off_leaves_nothing(place, monkeypatch):
    tekun(place, "640381001201")
    monkeypatch.setattr("songhe.indicators.domain.storing.append", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        counted(place)
    assert not Computation.objects.exists() and not Tally.objects.exists()
    assert not [path for path in home().rglob("*") if path.is_file()]


def test_nobody_counts_for_a_division_out_of_reach_or_a_day_to_come(place):
    with pytest.raises(OutOfScope):
        compute(by=place.clerk, package=PACKAGE, division=place.county, day=DAY)
    with pytest.raises(IndicatorError):
        compute(by=place.one, package=PACKAGE, division=place.county, day=DAY.replace(year=2999))


def test_every_division_has_its_row_and_each_holds_every_indicator(place):
    tekun(place, "640381001201")
    counted(place)
    rows = Tally.objects.values_list("division_id", "figures")
    assert {id for id, _ in rows} == {place.ids[code] for code in place.ids if code != "640300"}
    assert all(set(figures) == set(PACKAGE.computed) for _, figures in rows)
    assert TOWNS[0] in place.ids
