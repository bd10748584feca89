"""What is counted of institutions, divisions, funds and cases."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from songhe.casework.models import Case, Kind, ProcedureText
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.indicators.domain.computing import compute
from songhe.indicators.measures.amounts import ONE, UNLIMITED, Amount, Asked, Occasion
from songhe.indicators.measures.cases import count_cases
from songhe.indicators.measures.funds import count_funds
from songhe.indicators.measures.places import count_places
from songhe.indicators.measures.things import count_things, things
from songhe.indicators.queries import standings
from songhe.organisations.domain.registering import close
from songhe.payment.domain.funds import appropriate, open_fund
from songhe.payment.models import Fund
from songhe.policy.indicator import Measure
from songhe.policy.load import load_package
from songhe.policy.rule import MeasureRule
from tests.indicators.builders import DAY, TOWNS
from tests.organisations.builders import know, organisation

PACKAGE = load_package("qingtongxia-2023")
# 护理型床位占比: nursing beds among all beds.
BEDS = "QTX-I-09"


def at(place, code):
    return Division.objects.get(pk=place.ids[code])


def occasion(place, day=DAY):
    return Occasion(PACKAGE, place.county, day, None)


def counted(place, indicator, side="numerator", day=DAY):
    one = Asked(indicator, side, getattr(PACKAGE.computed[indicator], side))
    when = occasion(place, day)
    return count_things(one, when, things(one.rule.subject, when))


def test_beds_are_summed_where_the_institution_lies(place):
    for town, beds, nursing in ((TOWNS[0], 40, 30), (TOWNS[1], 20, 5)):
        home = organisation(place.one, at(place, town), name=f"院{beds}")
        know(place.one, home, running=True, actual_beds=beds, approved_beds=beds, nursing_beds=nursing)
    assert counted(place, BEDS) == {
        place.ids[TOWNS[0]]: Amount(Fraction(30), Fraction(30)),
        place.ids[TOWNS[1]]: Amount(Fraction(5), Fraction(5)),
    }


def test_an_institution_of_unknown_size_leaves_the_sum_open_and_the_answer_undetermined(place):
    know(place.one, organisation(place.one, at(place, TOWNS[0])), running=True, actual_beds=40, approved_beds=40)
    assert counted(place, BEDS) == {place.ids[TOWNS[0]]: UNLIMITED}
    compute(by=place.one, package=PACKAGE, division=place.county, day=DAY)
    found = standings(place.one, PACKAGE, place.county, DAY, only=(BEDS,))[0]
    assert (found.reading.numerator, found.answer) == (None, "undetermined")


def test_what_has_closed_is_not_counted(place):
    home = organisation(place.one, at(place, TOWNS[0]))
    know(place.one, home, running=True, nursing_beds=30)
    close(by=place.one, organisation=home, on=dt.date(2024, 6, 1), document="注销证明")
    assert counted(place, BEDS) == {}
    assert counted(place, BEDS, day=dt.date(2024, 5, 31)) != {}


def test_divisions_are_counted_by_what_their_codes_say(place):
    rule = next(rule.denominator for rule in PACKAGE.computed.values() if rule.denominator.subject == "division")

    def at_level(level):
        measure = rule.measure.model_copy(update={"level": level})
        return count_places(Asked("x", "denominator", replace(rule, measure=measure)), occasion(place))

    assert at_level("town") == {place.ids[town]: ONE for town in TOWNS}
    assert at_level("community") == {}
    assert len(at_level("village")) == 4


@pytest.mark.parametrize(("day", "received"), [(dt.date(2040, 3, 31), 0), (dt.date(2040, 4, 1), 1000)])
def test_a_fund_is_read_as_it_stood_at_the_end_of_the_day(place, day, received):
    county = at(place, "640381")
    with clock.standing_at(dt.datetime(2040, 4, 1, 23, 59, tzinfo=clock.ZONE)):
        fund = open_fund(
            by=place.one, kind=Fund.Kind.WELFARE_LOTTERY, level=Fund.Level.COUNTY, division=county, year=2040
        )
        appropriate(by=place.one, fund=fund, fen=100_000, document="青财〔2024〕1号")
    asked = Asked("x", "numerator", MeasureRule(Measure(fund="welfare_lottery", flow="received")))
    assert count_funds(asked, occasion(place, day)) == {place.county: Amount(Fraction(received), Fraction(received))}


def granted(place, on, outcome="granted"):
    text, _ = ProcedureText.objects.get_or_create(sha256="0" * 64, kind=Kind.BENEFIT, content={})
    said = {"package": PACKAGE.id, "item": "QTX-M-2.1f", "outcome": outcome, "decided_on": on, "closed_on": on}
    when = dt.datetime(2024, 5, 1, tzinfo=clock.ZONE)
    division, person = at(place, TOWNS[0]), place.register(residence="640381001201")
    return Case.objects.create(
        kind=Kind.BENEFIT,
        division=division,
        person=person,
        procedure=text,
        how="self",
        opened_at=when,
        state="closed",
        step="",
        **said,
    )


def test_cases_are_counted_by_the_day_of_their_decision(place):
    granted(place, dt.date(2024, 6, 30))
    granted(place, dt.date(2024, 7, 1))
    granted(place, dt.date(2024, 6, 1), outcome="refused")
    measure = Measure(count="case", items=["QTX-M-2.1f"], outcome="granted")
    asked = Asked("QTX-I-12", "numerator", MeasureRule(measure))
    assert count_cases(asked, occasion(place)) == {place.ids[TOWNS[0]]: ONE}
