from pathlib import Path

import pytest

from songhe.policy.build import build_package
from songhe.policy.diff import Difference, diff
from songhe.policy.load import load_package
from songhe.policy.package import Package
from tests.builders import SMALL, write_package


@pytest.fixture
def small(tmp_path: Path) -> Package:
    return build_package(str(write_package(tmp_path / "small", SMALL)))


def test_a_package_does_not_differ_from_itself(small: Package) -> None:
    assert diff(small, small) == []


def test_it_shows_fields_that_differ_and_entries_that_one_side_has(small: Package, tmp_path: Path) -> None:
    other = write_package(
        tmp_path / "other" / "small",
        {
            **SMALL,
            "entitlements": SMALL["entitlements"].replace("who: age >= 60", "who: age >= 65"),
            "terms": SMALL["terms"] + "- {id: 新, name: {zh: 新词, en: new}, is: dibao}\n",
        },
    )
    assert diff(small, build_package(str(other))) == [
        Difference("terms", "新", None, None, "新词"),
        Difference("entitlements", "S-TIERS", "who", "age >= 60", "age >= 65"),
    ]


def test_the_reform_differs_from_its_city_by_its_age(small: Package) -> None:
    found = diff(load_package("suizhou-2023"), load_package("suizhou-reform-75"))
    assert {(item.kind, item.id) for item in found} == {
        ("parameters", "allowance_age"),
        ("entitlements", "SZ-L-03"),
        ("clauses", "SZR-01"),
    }


def test_the_other_way_round_it_is_the_mirror(small: Package) -> None:
    city, county = load_package("suizhou-2023"), load_package("suizhou-county-example")
    there = {(d.kind, d.id, d.field): (d.left, d.right) for d in diff(city, county)}
    back = {(d.kind, d.id, d.field): (d.right, d.left) for d in diff(county, city)}
    assert there == back
