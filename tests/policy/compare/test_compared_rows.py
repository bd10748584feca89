"""Which entries of the documents are the same thing: reviewed data, checked against the packages."""

from __future__ import annotations

import pytest

from songhe.policy.compare.check import check_rows
from songhe.policy.compare.rows import PLACED, Rows, load_rows
from songhe.policy.load import load_package

DOCUMENTS = {"suizhou-2023", "xianyang-2019", "dongying-2024", "qingtongxia-2023", "xinxiang-2022"}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return load_rows()


def test_the_five_documents_are_placed_without_a_fault(rows: Rows) -> None:
    assert set(rows.documents()) == DOCUMENTS
    assert check_rows(rows) == []


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_entry_of_a_document_stands_in_exactly_one_place(rows: Rows, document: str) -> None:
    package = load_package(document)
    placed = [one for entry in rows.every for one in rows.members_of(entry, package).each()]
    every = [(kind, id) for kind in PLACED for id in getattr(package, kind)]
    assert sorted(placed) == sorted(every)


def _without(rows: Rows, id: str) -> Rows:
    return Rows(tuple(row for row in rows.rows if row.id != id), rows.alone, rows.capabilities, rows.folders)


def test_an_entry_that_is_not_placed_is_named_with_what_to_do(rows: Rows) -> None:
    problems = check_rows(_without(rows, "visits"))
    first = next(problem for problem in problems if "SZ-L-24" in problem.what)
    assert first.what == "SZ-L-24 of suizhou-2023/entitlements.yaml is not placed in the comparison"
    assert "alone.yaml" in first.mend


def test_an_entry_that_stands_twice_is_named_with_both_places(rows: Rows) -> None:
    row = rows.rows[0]
    twice = row.model_copy(update={"id": "again"})
    whats = [one.what for one in check_rows(Rows((*rows.rows, twice), rows.alone, rows.capabilities, rows.folders))]
    assert "suizhou-2023 SZ-L-03 stands twice: in old-age-allowance and in again" in whats


def test_an_unknown_entry_is_named_with_its_line(rows: Rows) -> None:
    row = next(row for row in rows.rows if row.id == "visits")
    members = row.members["suizhou-2023"].model_copy(update={"entitlements": ("SZ-L-24", "SZ-L-99")})
    changed = row.model_copy(update={"members": {**row.members, "suizhou-2023": members}})
    others = [one for one in rows.rows if one.id != "visits"]
    problems = check_rows(Rows((*others, changed), rows.alone, rows.capabilities, rows.folders))
    assert [one.what for one in problems] == ["visits: suizhou-2023 has no SZ-L-99 in entitlements.yaml"]


def test_a_row_of_one_document_belongs_to_what_is_alone(rows: Rows) -> None:
    row = next(row for row in rows.rows if row.id == "care-service-subsidy")
    changed = row.model_copy(update={"members": {"suizhou-2023": row.members["suizhou-2023"]}})
    others = [one for one in rows.rows if one.id != row.id]
    whats = [one.what for one in check_rows(Rows((*others, changed), rows.alone, rows.capabilities, rows.folders))]
    assert "care-service-subsidy stands in one document only" in whats


def test_a_package_laid_over_a_document_stands_where_its_base_does(rows: Rows) -> None:
    row = next(row for row in rows.rows if row.id == "old-age-allowance")
    assert rows.members_of(row, load_package("suizhou-county-example")) == row.members["suizhou-2023"]
