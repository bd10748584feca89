"""All pairs of a register, and what they mean together."""

import datetime as dt
from itertools import combinations

import pytest

from bench.linkage import PRECISION, RECALL, plant, reached, run
from songhe.linkage.blocking import find_pairs
from songhe.linkage.rules import Identity, Kind, compare
from tests.registry.conftest import number

BORN = dt.date(1944, 2, 9)
VILLAGE, OTHER = "640381001201", "640381001202"
NUMBER, NEXT = number(7, "19440209"), number(9, "19440209")
ZHANG = Identity("张伟", NUMBER, BORN, "M", VILLAGE)
UNNUMBERED = ZHANG._replace(resident_id=None)
CHANGED = ZHANG._replace(resident_id=NUMBER[:4] + ("9" if NUMBER[4] != "9" else "1") + NUMBER[5:])


def pairs(*people: Identity) -> dict[tuple[int, int], tuple[str, str]]:
    found = find_pairs(enumerate(people))
    return {(pair.one, pair.other): (pair.verdict.kind.value, pair.verdict.rule.value) for pair in found}


def test_somebody_alone_makes_no_pair():
    assert pairs() == {}
    assert pairs(ZHANG) == {}
    assert pairs(ZHANG, Identity(), Identity()) == {}


def test_what_is_unique_is_the_same():
    assert pairs(ZHANG, UNNUMBERED) == {(0, 1): ("same", "name_birth_sex_place")}


def test_a_namesake_with_a_number_of_their_own_makes_it_a_question():
    namesake = ZHANG._replace(resident_id=NEXT, residence=OTHER)
    assert pairs(ZHANG, UNNUMBERED, namesake) == {
        (0, 1): ("likely", "name_birth_sex_place"),
        (1, 2): ("likely", "name_birth_sex"),
    }


def test_copies_of_one_person_are_nobody_else():
    found = pairs(ZHANG, CHANGED, UNNUMBERED)
    assert found[0, 1] == ("same", "number_slip")
    assert found[0, 2] == found[1, 2] == ("same", "name_birth_sex_place")


def test_a_slip_from_two_numbers_is_a_question():
    between = NEXT[:17] + NUMBER[17]
    namesake = ZHANG._replace(resident_id=NEXT, residence=OTHER)
    found = pairs(ZHANG, ZHANG._replace(resident_id=between), namesake)
    assert {kind for kind, _ in found.values()} == {"likely"}
    assert set(found) == {(0, 1), (1, 2)}


def test_nobody_is_asked_about_two_who_have_their_own_numbers():
    namesake = ZHANG._replace(resident_id=NEXT, residence=OTHER)
    assert set(pairs(ZHANG, CHANGED, namesake)) == {(0, 1)}


def test_two_who_swap_the_day_are_met():
    swapped = UNNUMBERED._replace(birth_date=dt.date(1944, 9, 2))
    assert pairs(ZHANG, swapped) == {(0, 1): ("likely", "name_swapped_day")}


def test_progress_is_told():
    told: list[int] = []
    find_pairs(enumerate([ZHANG, UNNUMBERED]), progress=told.append)
    assert told == [2]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return plant(300, 60, 40, seed=4, folder=tmp_path_factory.mktemp("planted"))


def test_no_pair_that_the_rules_see_is_missed(planted):
    """Against comparing everybody with everybody; what is known together may only turn a verdict into a question."""
    people = [Identity(**{name: row[name] for name in Identity._fields}) for row in planted.rows]
    found = {(pair.one, pair.other): pair.verdict.kind for pair in find_pairs(enumerate(people))}
    for (one, first), (other, second) in combinations(enumerate(people), 2):
        verdict = compare(first, second)
        if verdict.kind is Kind.SAME:
            assert (one, other) in found
        if (one, other) in found:
            assert verdict.kind is not Kind.DIFFERENT
            assert found[one, other] in (verdict.kind, Kind.LIKELY)


def test_planted_duplicates_are_found(tmp_path):
    result = run(people=3000, copies=210, alike=200, seed=2, folder=tmp_path)
    assert result["precision"] >= PRECISION and result["recall"] >= RECALL
    assert reached(result)
    assert not result["lookalikes_called_same"]
