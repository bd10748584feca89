"""What a package says of an institution's subsidy: sums only where the package or its overlay gives them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.organisations.errors import OrganisationError
from songhe.organisations.subsidies import MONTHLY, ONCE, Answer, answer, subsidies_at
from tests.organisations.builders import county_package, know
from tests.organisations.conftest import Bureau

CITY, COUNTY = "xinxiang-2022", "xinxiang-county-example"
BUILDING, RUNNING = "XX-STD-CONSTRUCTION", "XX-STD-OPERATING"
MAY = dt.date(2024, 5, 1)
BUILT = {"founder": "social", "newly_built": True, "premises": "own", "approved_beds": 120, "running": True}


@pytest.fixture
def own_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the county of the example would put into force."""
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path))
    return county_package(tmp_path, "410799")


def asked(bureau: Bureau, package: str, item: str, **change: Any) -> Answer:
    know(bureau.one, bureau.home, **{**BUILT, **change})
    return answer(bureau.home, package, item, MAY)


def test_the_county_gives_a_sum_per_bed_once(bureau: Bureau) -> None:
    found = asked(bureau, COUNTY, BUILDING)
    assert (found.is_entitled, found.counted, found.fen, found.period) == (True, 120, 48_000_000, ONCE)
    assert found.arithmetic == "4,000元 × 120 = 480,000元"
    assert found.why_nothing is None


def test_the_county_gives_a_sum_per_bed_and_month(bureau: Bureau) -> None:
    found = asked(bureau, COUNTY, RUNNING, approved_beds=49)
    assert (found.counted, found.fen, found.period) == (49, 392_000, MONTHLY)


@pytest.mark.parametrize(("package", "item"), [(CITY, BUILDING), ("xianyang-2019", "XY-STD-04")])
def test_where_the_document_gives_no_sum_it_says_which_one_leaves_it_open(
    bureau: Bureau, package: str, item: str
) -> None:
    found = asked(bureau, package, item)
    assert (found.is_entitled, found.fen, found.arithmetic) == (True, None, None)
    assert found.package.document.title.zh in found.why_nothing.zh
    assert found.rule.clauses[0] in found.why_nothing.zh


@pytest.mark.parametrize(
    ("change", "said", "why"),
    [
        ({"approved_beds": 49}, "not_entitled", "不符合条件"),
        ({"founder": None}, "undetermined", "不能核定"),
        ({"approved_beds": None}, "undetermined", "不能核定"),
    ],
)
def test_no_and_unknown_are_worth_nothing(bureau: Bureau, change: dict[str, Any], said: str, why: str) -> None:
    found = asked(bureau, COUNTY, BUILDING, **change)
    assert (found.decision.answer, found.fen) == (said, None)
    assert why in found.why_nothing.zh


def test_beds_that_are_not_known_are_not_counted_as_none(bureau: Bureau) -> None:
    found = asked(bureau, COUNTY, RUNNING, approved_beds=None)
    assert (found.is_entitled, found.fen) == (True, None)
    assert "计数项" in found.why_nothing.zh


@pytest.mark.parametrize(("package", "item"), [("nowhere-2020", BUILDING), (CITY, "XX-STD-LAND"), (CITY, "XX-1")])
def test_what_is_no_subsidy_of_institutions_is_refused(bureau: Bureau, package: str, item: str) -> None:
    with pytest.raises(OrganisationError):
        answer(bureau.home, package, item, MAY)


def test_a_county_s_own_document_is_offered_in_place_of_the_city_s(own_package: str) -> None:
    def offered(code: str) -> set[tuple[str, str]]:
        return {(package.id, rule.id) for package, rule in subsidies_at(code)}

    assert offered("410799001") == {(own_package, BUILDING), (own_package, RUNNING)}
    assert offered("410702") == {(CITY, BUILDING), (CITY, RUNNING)}
    assert offered("990101") == set()


@pytest.mark.usefixtures("own_package")
def test_an_example_is_offered_nowhere() -> None:
    assert COUNTY not in {package.id for package, _ in subsidies_at("410799")}
