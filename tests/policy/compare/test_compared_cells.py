"""What the cells say: as people write it, with clauses, what is open, contradictions; nothing is filled in."""

from __future__ import annotations

import datetime as dt

import pytest

from songhe.policy.compare.flat import HEADER, as_json, cells_of, flat_rows
from songhe.policy.compare.rows import load_rows
from songhe.policy.compare.said import Said
from songhe.policy.compare.table import KINDS, MENTIONED, OTHERWISE, SAYS, SILENT, Cell, Table, compare_packages
from songhe.policy.load import load_package

DAY = dt.date(2024, 6, 1)
CITIES = ("suizhou-2023", "xianyang-2019", "dongying-2024", "qingtongxia-2023", "xinxiang-2022")


@pytest.fixture(scope="module")
def table() -> Table:
    return compare_packages(load_rows(), [load_package(id) for id in CITIES], DAY)


def cell(table: Table, kind: str, row: str, city: str) -> Cell:
    line = next(line for line in table.lines if (line.kind, line.id) == (kind, row))
    return next(cell for cell in line.cells if cell.package.id.startswith(city))


def said(table: Table, kind: str, row: str, city: str) -> Said:
    return cell(table, kind, row, city).said[0]


def test_every_line_has_a_cell_for_every_city(table: Table) -> None:
    assert {len(line.cells) for line in table.lines} == {5}
    assert {line.kind for line in table.lines} == set(KINDS)


def test_everything_said_cites_a_clause_of_its_document(table: Table) -> None:
    for row in flat_rows(table):
        if row.said is not None:
            assert row.said.clauses, row.said.entry
            assert all(clause.id in row.cell.package.clauses for clause in row.said.clauses)


def test_an_item_tells_who_on_one_line_and_how_it_comes(table: Table) -> None:
    visits = said(table, "items", "visits", "xinxiang")
    assert [(one.label.zh, one.text.zh) for one in visits.details] == [
        ("对象", "老年人，并且独居、空巢或留守"),
        ("方式", "直接提供"),
    ]


def test_a_word_left_undefined_is_marked_in_the_condition(table: Table) -> None:
    allowance = said(table, "items", "old-age-allowance", "xianyang")
    assert allowance.details[0].text.zh == "高龄（文件没有说清）"
    assert allowance.open


def test_a_limit_of_the_item_is_told_apart_from_one_that_comes_with_a_word(table: Table) -> None:
    assert said(table, "thresholds", "care-service-subsidy", "suizhou").value.zh == "满80周岁"
    assert said(table, "thresholds", "care-service-subsidy", "qingtongxia").value.zh == "老年人（满60周岁）"


def test_a_floor_stays_a_floor_also_over_a_year_and_the_year_is_marked_as_ours(table: Table) -> None:
    subsidy = said(table, "amounts", "care-service-subsidy", "suizhou")
    assert (subsidy.value.zh, subsidy.certainty) == ("不低于 100元/月/人", "at_least")
    assert subsidy.ours is not None
    assert subsidy.ours.zh == "不低于 1,200元/年/人（12个月之和）"


def test_an_amount_that_is_not_written_is_not_made_up(table: Table) -> None:
    subsidy = said(table, "amounts", "care-service-subsidy", "qingtongxia")
    assert (subsidy.certainty, subsidy.ours) == ("unset", None)


def test_square_metres_per_household_are_exact_per_hundred(table: Table) -> None:
    premises = said(table, "standards", "new-estate-premises", "qingtongxia")
    assert premises.ours is not None
    assert premises.ours.zh == "30 平方米/百户"
    assert said(table, "standards", "new-estate-premises", "suizhou").ours is None


def test_targets_that_contradict_each_other_stand_side_by_side_with_all_readings(table: Table) -> None:
    fund = cell(table, "targets", "lottery-fund", "qingtongxia").said
    assert [one.value.zh.split("，")[0] for one in fund] == ["不低于55%", "不低于85%"]
    readings = {reading.clause for conflict in fund[0].conflicts for reading in conflict.readings}
    assert {"QTX-I-24", "QTX-S-1.2d"} <= readings


@pytest.mark.parametrize(
    ("kind", "row", "city", "state"),
    [
        ("items", "old-age-allowance", "suizhou", SAYS),
        ("items", "old-age-allowance", "dongying", SILENT),
        ("targets", "home-adaptation", "xinxiang", OTHERWISE),
        ("items", "family-bed", "xinxiang", MENTIONED),
    ],
)
def test_an_empty_cell_says_why_it_is_empty(table: Table, kind: str, row: str, city: str, state: str) -> None:
    found = cell(table, kind, row, city)
    assert found.state == state
    assert bool(found.said) == (state == SAYS)


def test_what_is_only_mentioned_names_its_clauses(table: Table) -> None:
    assert [clause.id for clause in cell(table, "items", "family-bed", "xinxiang").mentions] == ["XX-G-05a", "XX-M-01c"]


def test_what_stands_alone_says_why(table: Table) -> None:
    line = next(line for line in table.lines if (line.kind, line.id) == ("items", "XX-E-04b"))
    assert line.reason is not None
    assert "不是能力" in line.reason.zh


def test_an_example_shows_its_own_sums_beside_those_of_its_base() -> None:
    packages = [load_package("suizhou-2023"), load_package("suizhou-county-example")]
    table = compare_packages(load_rows(), packages, DAY, kinds=["amounts"])
    assert said(table, "amounts", "care-service-subsidy", "suizhou-county").certainty == "exact"


def test_a_capability_and_a_kind_narrow_the_table() -> None:
    packages = [load_package(id) for id in CITIES]
    table = compare_packages(load_rows(), packages, DAY, kinds=["targets"], capability="home-adaptation")
    assert {(line.kind, line.capability) for line in table.lines} == {("targets", "home-adaptation")}


def test_a_file_has_a_row_for_everything_said_and_for_every_silence(table: Table) -> None:
    rows = list(cells_of(table, "zh"))
    assert len(rows) == sum(max(len(cell.said), 1) for line in table.lines for cell in line.cells)
    assert {len(row) for row in rows} == {len(HEADER)}
    assert len(as_json(table)["lines"]) == len(table.lines)
