"""Figures on the divisions of their day, and on those of today."""

import datetime as dt
from fractions import Fraction

from songhe.decision.indicator import Reading
from songhe.divisions.domain import changes
from songhe.divisions.models import Division
from songhe.indicators.domain.computing import compute
from songhe.indicators.queries import children, standings
from songhe.policy.load import load_package
from tests.indicators.builders import DAY, TOWNS

PACKAGE = load_package("qingtongxia-2023")
TEKUN = "QTX-I-01"


def test_a_village_that_moved_since_counts_for_the_town_it_lies_in_now(place):
    said = {"alive": True, "tekun": "central", "self_care_unable_recognised": True}
    for village in ("640381001201", "640381001202", "640381001202", "640381002201"):
        place.register(residence=village, **said)
    compute(by=place.one, package=PACKAGE, division=place.county, day=DAY)
    village = Division.objects.get(pk=place.ids["640381001202"])
    changes.move(
        on=dt.date(2024, 9, 1),
        division=village,
        to=Division.objects.get(pk=place.ids[TOWNS[1]]),
        codes={"640381001202": "640381002203"},
    )

    def counts(tree):
        found = children(place.one, PACKAGE, place.county, DAY, tree=tree, only=(TEKUN,))
        return {node.code: some[0].reading.numerator for node, some in found}

    assert counts("then") == {TOWNS[0]: 3, TOWNS[1]: 1}
    assert counts("now") == {TOWNS[0]: 1, TOWNS[1]: 3}
    whole = standings(place.one, PACKAGE, place.county, DAY, tree="now", only=(TEKUN,))[0]
    assert (whole.reading, whole.tree) == (Reading(Fraction(4), Fraction(4)), "now")
