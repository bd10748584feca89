"""Plans of the demo: nothing is empty on first sight, and each state is there once."""

from __future__ import annotations

import pytest

from songhe.accounts.models import User
from songhe.common import clock
from songhe.demo.places import COUNTY, division
from songhe.demo.plans.cast import MADE_UP, PACKAGE
from songhe.demo.plans.figures import DOCTORS, GREEN_CHANNEL, VISITS
from songhe.facilities.models import MakeUp, Member
from songhe.facilities.queries import shortfalls
from songhe.indicators.models import Figure
from songhe.indicators.queries import standings
from songhe.plan.models import Act, Report, Seat
from songhe.policy.load import load_package
from songhe.reports.models import Publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def bureau() -> User:
    return User.objects.get(username="demo.county")


def test_two_departments_speak_for_their_units():
    assert dict(Seat.objects.values_list("user__username", "unit")) == {
        "demo.land": "自然资源局",
        "demo.health": "卫生健康局",
    }


def test_reports_on_tasks_are_confirmed_returned_and_waiting():
    assert set(Act.objects.values_list("kind", flat=True)) >= {Act.Kind.CONFIRM, Act.Kind.RETURN}
    assert Report.objects.exclude(acts__kind__in=(Act.Kind.CONFIRM, Act.Kind.RETURN)).exists()


def test_every_figure_says_that_it_is_made_up():
    assert Figure.objects.exclude(document__startswith=MADE_UP).count() == 0
    assert {*Figure.objects.values_list("outcome", flat=True)} == {"", "confirmed", "returned"}


def test_one_indicator_is_not_met_one_undetermined_and_one_laid_down_later(bureau):
    county, package = division(COUNTY).pk, load_package(PACKAGE)
    last = Figure.objects.latest("day").day
    now = {one.indicator.id: one for one in standings(bureau, package, county, last)}
    assert [one.answer for one in now[GREEN_CHANNEL].judgements] == ["not_met"]
    assert {one.answer for one in now[DOCTORS].judgements} == {"undetermined"}
    first = Figure.objects.filter(indicator=VISITS).earliest("day").day
    before = {one.indicator.id: one for one in standings(bureau, package, county, first)}
    assert "denominator" in before[VISITS].judgements[0].open_parts
    assert "denominator" not in now[VISITS].judgements[0].open_parts


def test_estates_lack_share_and_are_made_up(bureau):
    lacking = shortfalls(bureau, load_package(PACKAGE), division(COUNTY).pk, clock.today())
    assert lacking
    assert Member.objects.count() == 2
    assert MakeUp.objects.filter(confirmed_at=None).count() == MakeUp.objects.exclude(confirmed_at=None).count() == 1


def test_a_report_is_public():
    assert Publication.objects.get().approved_by.username == "demo.city"
