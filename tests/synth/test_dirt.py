"""Badly written copies, and people who only look alike."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from songhe.common.resident_id import birth_date, is_valid, sex
from songhe.synth.dirt import FAULTS, HARDER, dirty_copies, lookalikes
from songhe.synth.errors import SynthError
from songhe.synth.population import synthesise


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    path: Path = tmp_path_factory.mktemp("people") / "people.parquet"
    synthesise(city="qingtongxia", seed=5, people=3000, output=path)
    return pq.read_table(path)


def differing(one: dict, other: dict) -> set[str]:
    return {name for name in one if name != "id" and one[name] != other[name]}


def test_the_same_arguments_give_the_same_copies(people):
    assert dirty_copies(people, count=50, seed=1) == dirty_copies(people, count=50, seed=1)
    assert dirty_copies(people, count=50, seed=1) != dirty_copies(people, count=50, seed=2)


def test_rows_may_come_as_a_table_or_as_dicts(people):
    assert dirty_copies(people, count=50, seed=1) == dirty_copies(people.to_pylist(), count=50, seed=1)
    assert lookalikes(people, count=50, seed=1) == lookalikes(people.to_pylist(), count=50, seed=1)


def test_every_kind_comes_as_often_and_nobody_twice(people):
    copies = dirty_copies(people, count=10 * len(FAULTS), seed=1)
    assert Counter(copy.kind for copy in copies) == dict.fromkeys(FAULTS, 10)
    assert len({copy.copy_of for copy in copies}) == len({copy.row["id"] for copy in copies}) == len(copies)


def test_a_fault_changes_what_it_says_and_nothing_else(people):
    originals = {row["id"]: row for row in people.to_pylist()}
    changes = {
        "traditional_name": {"name"},
        "homophone": {"name"},
        "swapped_day": {"resident_id", "birth_date"},
        "no_number_nor_place": {"resident_id", "residence"},
        "no_number_swapped_day": {"resident_id", "birth_date"},
        "traditional_name_no_number": {"resident_id", "name"},
        "traditional_name_changed_digit": {"resident_id", "name"},
        "homophone_changed_digit": {"resident_id", "name"},
    }
    for copy in dirty_copies(people, count=20 * len(FAULTS), seed=3):
        assert differing(originals[copy.copy_of], copy.row) == changes.get(copy.kind, {"resident_id"}), copy.kind


def test_harder_ones_come_when_asked(people):
    originals = {row["id"]: row for row in people.to_pylist()}
    changes = {"homophone_no_number": {"resident_id", "name"}, "wrong_year_no_number": {"resident_id", "birth_date"}}
    copies = dirty_copies(people, count=40, seed=1, faults=HARDER)
    assert Counter(copy.kind for copy in copies) == dict.fromkeys(HARDER, 20)
    assert all(differing(originals[copy.copy_of], copy.row) == changes[copy.kind] for copy in copies)


def test_lookalikes_are_others_with_valid_numbers_that_nobody_has(people):
    originals = {row["id"]: row for row in people.to_pylist()}
    numbers = {row["resident_id"] for row in originals.values()}
    made = lookalikes(people, count=100, seed=1)
    assert Counter(one.kind for one in made) == {"twin": 50, "namesake": 50}
    for one in made:
        original, number = originals[one.like], one.row["resident_id"]
        assert is_valid(number) and number not in numbers
        assert (birth_date(number), sex(number)) == (birth_date(original["resident_id"]), sex(original["resident_id"]))
        expected = {"twin": {"name", "resident_id"}, "namesake": {"residence", "resident_id"}}
        assert differing(original, one.row) == expected[one.kind]
    assert len({one.row["resident_id"] for one in made}) == len(made)


def test_too_few_people_are_told(people):
    with pytest.raises(SynthError, match="too few"):
        dirty_copies(people.slice(0, 5), count=20, seed=1)
