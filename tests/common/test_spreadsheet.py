"""Tables that a spreadsheet program can open without running anything."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from songhe.common.spreadsheet import plain_cell, safe_cell, write_csv, write_xlsx

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", "  =1", "'=1"]
PLAIN = ["张三", "64038119440229001X", "a=b", "'quoted'", "1944-02-29", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay(text: str):
    assert safe_cell(text) == text == plain_cell(text)


@pytest.mark.parametrize(("value", "text"), [(None, ""), (-5, "-5"), (Decimal("-1.50"), "-1.50")])
def test_what_is_no_text(value: object, text: str):
    assert safe_cell(value) == text


@given(st.text(alphabet="'=+-@\t\r ＝a1"))
def test_what_was_marked_comes_back_as_it_was(text: str):
    assert plain_cell(safe_cell(text)) == text


class TestCsv:
    def test_the_mark_stands_once_however_long_the_file(self):
        pieces = list(write_csv(([n, "长" * 40] for n in range(3000)), ["行", "文"]))
        assert len(pieces) > 1
        content = b"".join(pieces)
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\xef\xbb\xbf") == 1
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 3001

    def test_cells_and_titles_are_made_safe(self):
        content = b"".join(write_csv([["=cmd|x", "a,b"]], ["=h", "k"])).decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(content))) == [["'=h", "k"], ["'=cmd|x", "a,b"]]

    def test_another_encoding_and_separator(self):
        content = b"".join(write_csv([["张", "三"]], ["姓", "名"], encoding="gb18030", delimiter=";"))
        assert content == "姓;名\r\n张;三\r\n".encode("gb18030")


class TestXlsx:
    def test_every_cell_is_a_text(self):
        target = io.BytesIO()
        write_xlsx(target, ["号码", "=h"], [["640381194402290014", "=1+1"], [None, "#N/A"], ["a\x00b", 5]])
        cells = [cell for row in load_workbook(target).active.iter_rows() for cell in row if cell.value is not None]
        assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
        assert [cell.value for cell in cells] == [
            "号码", "'=h", "640381194402290014", "'=1+1", "#N/A", "a\ufffdb", "5",
        ]  # fmt: skip
