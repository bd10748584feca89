"""From a figure to the records behind it."""

import pytest

from songhe.accounts.models import Entry
from songhe.accounts.scope import OutOfScope
from songhe.divisions.models import Division
from songhe.indicators.domain.computing import compute
from songhe.indicators.errors import IndicatorError
from songhe.indicators.models import Computation
from songhe.indicators.queries import standings
from songhe.indicators.records import MAYBE, behind, sides_of
from songhe.policy.load import load_package
from tests.indicators.builders import DAY, TOWNS
from tests.organisations.builders import know, organisation

PACKAGE = load_package("qingtongxia-2023")
TEKUN = "QTX-I-01"


@pytest.fixture
def counted(place):
    said = {"alive": True, "tekun": "central", "self_care_unable_recognised": True}
    people = {
        "in": place.register(residence="640381001201", name="张一", **said),
        "other": place.register(residence="640381002201", name="李二", **{**said, "tekun": "scattered"}),
        "unknown": place.register(residence="640381001202", name="王三", alive=True, tekun="central"),
    }
    home = organisation(place.one, Division.objects.get(pk=place.ids[TOWNS[0]]))
    know(place.one, home, running=True, actual_beds=40, nursing_beds=30)
    compute(by=place.one, package=PACKAGE, division=place.county, day=DAY)
    return people


def look(user, place, side, which="sure", code="640381", indicator=TEKUN):
    return behind(user, Computation.objects.get(), indicator, place.ids[code], side, which)


def test_a_figure_leads_to_exactly_those_who_were_counted(place, counted):
    assert sides_of(PACKAGE.id, TEKUN) == ["numerator", "denominator"]
    assert [one.name for one in look(place.one, place, "numerator").records] == ["张一"]
    assert [one.name for one in look(place.one, place, "denominator").records] == ["张一", "李二"]
    maybe = look(place.one, place, "numerator", MAYBE)
    assert ([one.name for one in maybe.records], maybe.number) == (["王三"], 1)
    assert look(place.one, place, "numerator", code=TOWNS[1]).number == 0
    assert Entry.objects.filter(action="indicator.records_read").count() == 4


def test_who_may_not_read_people_sees_only_how_many_they_are(place, counted):
    seen = look(place.unit, place, "denominator")
    assert (seen.records, seen.number, seen.hidden) == ([], 2, 2)
    with pytest.raises(OutOfScope):
        look(place.clerk, place, "denominator")


def test_a_list_that_was_touched_is_not_shown(place, counted, settings):
    path = next(settings.RUNS.rglob("members.parquet"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(IndicatorError):
        look(place.one, place, "numerator")


def test_a_figure_of_institutions_leads_to_them_as_known_then(place, counted):
    beds = next(
        id for id, rule in PACKAGE.computed.items() if rule.numerator and rule.numerator.subject == "institution"
    )
    before = standings(place.one, PACKAGE, place.county, DAY, only=(beds,))[0].reading
    late = organisation(place.one, Division.objects.get(pk=place.ids[TOWNS[1]]), name="后来登记的")
    know(place.one, late, running=True, actual_beds=10, nursing_beds=10, carers=5, carers_certified=5)
    assert standings(place.one, PACKAGE, place.county, DAY, only=(beds,))[0].reading == before
