import datetime as dt

import pytest

from songhe.divisions.domain import DivisionError, dissolve, found
from songhe.divisions.models import Change, Division, Version
from songhe.divisions.queries import history, tree_on
from tests.divisions.builders import SmallCity

DAY = dt.date(2024, 7, 1)
EVE = DAY - dt.timedelta(days=1)


def test_it_exists_from_its_day_on(city: SmallCity):
    town = found(code="990101004", name="丁镇", parent=city["990101"], on=DAY, document="民函〔2024〕1号")
    assert town.pk not in tree_on(EVE)
    assert tree_on(DAY).full_name(town.pk) == "松鹤市东县丁镇"
    (episode,) = history(town.pk)
    assert (episode.kind, episode.valid_from, episode.valid_to, episode.document) == (
        "founded",
        DAY,
        None,
        "民函〔2024〕1号",
    )


def test_a_committee_stands_beside_counties(city: SmallCity):
    committee = found(code="990191", name="高新区", parent=city.city, on=DAY, is_committee=True)
    assert tree_on(DAY).node(committee.pk).is_committee
    assert committee.pk in [node.id for node in tree_on(DAY).children(city.city.pk)]


def test_the_code_of_a_division_that_is_gone_may_be_given_again(city: SmallCity):
    dissolve(division=city["990101001001"], on=DAY)
    again = found(code="990101001001", name="新村", parent=city["990101001"], on=DAY)
    assert tree_on(EVE).find("990101001001").name == "第1村"
    assert tree_on(DAY).find("990101001001").id == again.pk


@pytest.mark.parametrize(
    ("code", "name", "parent", "is_committee", "says"),
    [
        ("990101001", "新镇", "990101", False, "already belongs to 甲镇"),
        ("990101009", "  ", "990101", False, "needs a name"),
        ("990101009", "新镇", None, False, "needs a parent"),
        ("990101009", "新镇", "990101001", False, "needs a parent of a coarser level"),
        ("990101009", "新镇", "990101", True, "must be of county level"),
        ("99010100", "新镇", "990101", False, "is no division code"),
    ],
)
def test_it_is_refused_and_nothing_is_written(city: SmallCity, code, name, parent, is_committee, says):
    before = (Division.objects.count(), Version.objects.count(), Change.objects.count())
    with pytest.raises(DivisionError, match=says):
        found(code=code, name=name, parent=parent and city[parent], on=DAY, is_committee=is_committee)
    assert (Division.objects.count(), Version.objects.count(), Change.objects.count()) == before


def test_a_parent_must_exist_from_that_day(city: SmallCity):
    county = found(code="990103", name="南县", parent=city.city, on=DAY)
    with pytest.raises(DivisionError, match=f"exists from {EVE} on"):
        found(code="990103001", name="新镇", parent=county, on=EVE)


def test_a_parent_that_will_end_is_refused(city: SmallCity):
    county = found(code="990103", name="南县", parent=city.city, on=EVE)
    dissolve(division=county, on=dt.date(2030, 1, 1))
    with pytest.raises(DivisionError, match="needs a parent"):
        found(code="990103001", name="新镇", parent=county, on=DAY)


def test_a_code_that_will_be_given_is_refused(city: SmallCity):
    found(code="990103", name="南县", parent=city.city, on=dt.date(2030, 1, 1))
    with pytest.raises(DivisionError, match="already belongs to 南县"):
        found(code="990103", name="北县", parent=city.city, on=DAY)
