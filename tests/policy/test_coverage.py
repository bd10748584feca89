"""Every obligation of the five documents is carried by something, or tracked for a reason."""

from collections import Counter

import pytest

from songhe.policy.coverage import CARRIER_NAMES, TRACKED, by_capability, coverage
from songhe.policy.load import load_package
from tests.builders import CITIES, OVERLAYS, PACKAGES

CLAUSES = {
    "suizhou-2023": 216,
    "qingtongxia-2023": 345,
    "xinxiang-2022": 149,
    "xianyang-2019": 145,
    "dongying-2024": 161,
}


@pytest.mark.parametrize(("name", "count"), CLAUSES.items())
def test_each_document_has_all_its_clauses(name: str, count: int) -> None:
    package = load_package(name)
    assert len(coverage(package)) == count
    assert package.document.clause_count in (None, count)


def test_together_they_are_1016() -> None:
    assert sum(len(coverage(load_package(name))) for name in CITIES) == 1_016


@pytest.mark.parametrize("name", PACKAGES)
def test_every_clause_is_carried(name: str) -> None:
    known = {*CARRIER_NAMES.values(), TRACKED}
    assert [item.clause.id for item in coverage(load_package(name)) if item.first not in known] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_every_carrier_that_is_named_exists(name: str) -> None:
    package = load_package(name)
    kinds = {carrier: kind for kind, carrier in CARRIER_NAMES.items()}
    for item in coverage(package):
        for carrier, id in item.carriers:
            assert id in getattr(package, kinds[carrier])


@pytest.mark.parametrize("name", PACKAGES)
def test_the_table_by_capability_adds_up(name: str) -> None:
    carried = coverage(load_package(name))
    total = sum(by_capability(carried).values(), Counter[str]())
    assert total == Counter(item.first for item in carried)
    assert total.total() == len(carried)


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_carries_the_clauses_of_its_base_too(name: str) -> None:
    base = load_package(name).layers[-2]
    ids = [item.clause.id for item in coverage(load_package(name))]
    assert ids[: CLAUSES[base]] == list(load_package(base).clauses)
    assert len(ids) > CLAUSES[base]


def test_a_reason_is_given_in_words() -> None:
    tracked = [item for item in coverage(load_package("suizhou-2023")) if item.first == TRACKED]
    assert tracked and all(item.reason for item in tracked)
