"""The state of what is shown: another one after every write that it is made from, and the same while there is none."""

import datetime as dt
from fractions import Fraction

from songhe.accounts.models import User
from songhe.common import clock
from songhe.decision.indicator import Reading
from songhe.divisions.domain.load import Row, load_divisions
from songhe.indicators.domain.defining import define
from songhe.indicators.domain.entering import enter
from songhe.indicators.domain.settling import settle_definition, settle_figure
from songhe.indicators.domain.storing import Basis, store
from songhe.indicators.marks import state_of
from songhe.policy.load import load_package
from songhe.registry.domain.population import measure_population
from tests.indicators.builders import DAY, TOWNS

PACKAGE = load_package("qingtongxia-2023")
SHARE = "QTX-I-12"
OPEN = next(one.id for one in PACKAGE.indicators.values() if one.left_open == ["denominator"])


def count(place, beds, day=DAY):
    found = {place.county: {SHARE: Reading(Fraction(beds), Fraction(10))}}
    basis = Basis(known_in=None, known_at=clock.now())
    store(by=None, package=PACKAGE, division=place.county, day=day, found=found, basis=basis)


def test_every_write_makes_another_state_and_none_comes_back(place):
    seen = []

    def is_new():
        seen.append(state_of(place.county, DAY))
        assert state_of(place.county, DAY) == seen[-1]
        return seen[-1] not in seen[:-1]

    assert is_new()
    count(place, 3)
    assert is_new()
    count(place, 4)
    assert is_new()
    count(place, 3)
    assert is_new()
    about = {"package": PACKAGE, "division": place.county, "document": "月报"}
    for numerator in ("19", "19"):
        figure = enter(by=place.one, indicator=SHARE, day=DAY, numerator=numerator, denominator="20", **about)
        settle_figure(by=place.other, figure=figure)
        assert is_new()
    laid = define(by=place.one, indicator=OPEN, valid_from=DAY, parts={"denominator": "全部特困人员"}, **about)
    settle_definition(by=place.other, definition=laid)
    assert is_new()
    User.objects.filter(pk=place.one.pk).update(display_name="改名")
    assert is_new()
    for _ in range(2):
        measure_population()
        assert is_new()
    load_divisions(rows=[Row(f"{TOWNS[0]}203", "新村", TOWNS[0])], on=dt.date(2020, 1, 1))
    assert is_new()


def test_what_counts_for_nothing_changes_nothing(place):
    before = state_of(place.county, DAY)
    figure = enter(
        by=place.one,
        package=PACKAGE,
        indicator=SHARE,
        division=place.county,
        day=DAY,
        numerator="1",
        denominator="2",
        document="月报",
    )
    settle_figure(by=place.other, figure=figure, reason="再看")
    assert state_of(place.county, DAY) == before


def test_a_new_day_is_another_state(place):
    before = state_of(place.county, DAY)
    with clock.standing_at(clock.now() + dt.timedelta(days=1)):
        assert state_of(place.county, DAY) != before
