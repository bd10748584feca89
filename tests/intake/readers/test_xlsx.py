"""XLSX as Excel and others write it."""

import datetime as dt
import io

import pytest

from songhe.intake.problems import FileRefused
from songhe.intake.readers import format_of, open_table
from tests.intake.builders import number, xlsx_file


def rows(content: bytes, sheet: str = ""):
    table = open_table(lambda: io.BytesIO(content), "xlsx", sheet=sheet)
    return [(line, list(cells)) for line, cells, _ in table.rows()]


def test_cells_arrive_as_texts():
    cells = ["曾", 3, 1.5, True, dt.date(1944, 2, 29), dt.datetime(2024, 5, 1, 8, 30), None, number(1)]
    content = xlsx_file([["a", "b", "c", "d", "e", "f", "g", "h"], cells])
    assert rows(content) == [(2, ["曾", "3", "1.5", "true", "1944-02-29", "2024-05-01 08:30:00", "", number(1)])]


def test_a_number_of_eighteen_digits_has_lost_its_end_and_shows_it():
    ((_, (spoilt, account)),) = rows(xlsx_file([["a", "b"], [640381194402290014, 123456789012345]]))
    assert spoilt == "6.40381194402290E+17"
    assert account == "123456789012345"


def test_lines_are_those_of_the_sheet_and_blank_ones_are_left_out():
    assert rows(xlsx_file([["a", "b"], [None, None], ["1", None], [None, None]])) == [(3, ["1", ""])]


def test_the_sheet_that_was_named():
    assert rows(xlsx_file([["a"], ["1"]], sheet="名单"), sheet="名单") == [(2, ["1"])]
    with pytest.raises(FileRefused, match="没有工作表“别的”，有：名单"):
        rows(xlsx_file([["a"], ["1"]], sheet="名单"), sheet="别的")


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(share: float):
    content = xlsx_file([["a", "b"], *([str(n), "x"] for n in range(200))])
    cut = content[: int(len(content) * share)]
    with pytest.raises(FileRefused, match="不完整"):
        format_of("人口.xlsx", lambda: io.BytesIO(cut))


def test_a_damaged_sheet_is_refused():
    content = bytearray(xlsx_file([["a", "b"], *([str(n), "x"] for n in range(2000))]))
    place = content.find(b"xl/worksheets/sheet1.xml") + 200
    content[place : place + 400] = bytes(400)
    with pytest.raises(FileRefused, match="不完整或已损坏"):
        rows(bytes(content))


def test_an_ending_that_does_not_fit():
    with pytest.raises(FileRefused, match="其实是 XLSX"):
        format_of("人口.csv", lambda: io.BytesIO(xlsx_file([["a"]])))
    with pytest.raises(FileRefused, match=r"不支持 \.xls"):
        format_of("人口.xls", lambda: io.BytesIO(b""))
