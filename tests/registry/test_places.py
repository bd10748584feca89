"""People stay where they are when divisions change."""

import datetime as dt

import pytest

from songhe.divisions.domain import changes
from songhe.divisions.models import Division
from songhe.registry.models import CurrentPerson
from songhe.registry.projection import rebuild, refresh

VILLAGE = "640381001201"
MIDYEAR = dt.date(2024, 7, 1)


@pytest.fixture
def place(register, divisions):
    """The division in which the projection shows somebody who was registered in VILLAGE."""
    person = register(residence=VILLAGE, hukou=VILLAGE)

    def read() -> int | None:
        row = CurrentPerson.objects.get(pk=person.pk)
        assert row.residence_division_id == row.hukou_division_id
        return row.residence_division_id

    return read


def of(divisions: dict[str, int], *codes: str) -> list[Division]:
    return [Division.objects.get(pk=divisions[code]) for code in codes]


def test_a_new_code_is_the_same_place(place, divisions):
    (village,) = of(divisions, VILLAGE)
    changes.recode(division=village, code="640381001299", on=MIDYEAR)
    assert refresh() == 0 or place() == village.pk
    assert list(rebuild()) == []


def test_a_merged_village_is_what_it_became(place, divisions):
    village, other = of(divisions, VILLAGE, "640381001202")
    changes.merge(divisions=[village], into=other, on=MIDYEAR)
    assert len(list(rebuild(write=False))) == 1
    refresh()
    assert place() == other.pk
    assert list(rebuild()) == []


def test_a_village_that_was_split_is_shown_where_both_parts_lie(place, divisions):
    (village,) = of(divisions, VILLAGE)
    parts = [changes.New("640381001203", "东村"), changes.New("640381001204", "西村")]
    changes.split(division=village, parts=parts, on=MIDYEAR, children={})
    refresh()
    assert place() == divisions["640381001"]


def test_a_moved_town_takes_nobody_out_of_their_village(place, divisions):
    town, county = of(divisions, "640381001", "640302")
    changes.move(division=town, to=county, on=MIDYEAR)
    refresh()
    assert place() == divisions[VILLAGE]
