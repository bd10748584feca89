"""The files of a report, opened again: Word, spreadsheets and open data say what the report says."""

from __future__ import annotations

import csv
import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from songhe.common import clock
from songhe.common.text import say
from songhe.reports.content import Column
from songhe.reports.documents.files import publication_file, publication_files, report_file
from songhe.reports.documents.opendata import DICTIONARY
from songhe.reports.documents.spreadsheet import spreadsheet
from songhe.reports.documents.word import word
from songhe.reports.domain.publishing import draft
from songhe.reports.errors import ReportError
from songhe.reports.models import Publication
from songhe.reports.showing import Shown, ShownReport, ShownSection, ShownTable, show
from tests.reports.conftest import MOMENT, Told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def published(told: Told) -> Publication:
    """Never stored: what would be published of the report."""
    from songhe.reports.content import as_json

    with clock.standing_at(MOMENT):
        return Publication(report=told.report, content=as_json(draft(told.report).release), hash="0" * 64)


def read(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_word_file_has_headings_tables_with_head_rows_and_chinese_fonts(told: Told):
    made = Document(io.BytesIO(report_file(told.report, "docx")))
    headings = [one.text for one in made.paragraphs if one.style.name.startswith(("Title", "Heading 1"))]
    assert headings[0] == "松鹤市东县养老服务统计月报（2024年5月）"
    assert {"老年人口", "指标", "任务", "待遇发放", "办件", "数据质量"} <= set(headings)
    assert made.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    page = made.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    tables = [one for one in made.tables if one.rows[0].cells[0].text == "区划代码" and len(one.columns) > 2]
    assert all(one.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for one in tables)
    assert [cell.text for cell in tables[0].rows[1].cells][:5] == ["990101", "东县", "148", "0", "66"]
    assert "PAGE" in made.sections[0].footer._element.xml


def test_the_spreadsheet_holds_numbers_as_numbers(told: Told):
    book = load_workbook(io.BytesIO(report_file(told.report, "xlsx")))
    sheet = book["老年人口 按年龄"]
    assert sheet["C3"].value == 148
    assert sheet["A3"].value == "990101"
    assert book["说明"]["A1"].value.startswith("松鹤市东县")


def test_no_text_of_a_spreadsheet_is_run_and_odd_characters_do_no_harm():
    cells = [Shown(say("=1+1", "=1+1")), Shown(say("甲\x0b", "a")), Shown(say("3", "3"), 3)]
    columns = [Column(id=id, name=say("列", "col")) for id in "abc"]
    table = ShownTable("t", say("表", "t"), say("依据", "b"), columns, [(cells, ["X-1"])], None)
    report = ShownReport(say("报告", "r"), [], [ShownSection("s", say("节/一", "s"), (), (table,))], ())
    sheet = load_workbook(io.BytesIO(spreadsheet(report))).worksheets[1]
    assert [sheet.cell(3, n).value for n in range(1, 5)] == ["'=1+1", "甲\ufffd", 3, "X-1"]
    assert Document(io.BytesIO(word(report))).tables[-1].rows[1].cells[0].text == "=1+1"


def test_a_file_made_later_is_the_same_bytes(told: Told):
    for kind in ("docx", "xlsx"):
        assert report_file(told.report, kind) == report_file(told.report, kind, "zh")
        assert report_file(told.report, kind) != report_file(told.report, kind, "en")
    with pytest.raises(ReportError, match="pdf"):
        report_file(told.report, "pdf")


def test_open_data_mark_what_is_withheld_and_the_dictionary_tells_every_column(published: Publication):
    files = publication_files(published)
    population = read(files["population.csv"])
    by_code = {row["code"]: row for row in population}
    assert by_code["990101"]["total"] == "148"
    assert by_code["990101002"]["age80"] == "*"
    assert by_code["990101"]["age100"] == "0"
    told = read(files["dictionary.csv"])
    assert list(told[0]) == [name for name, _ in DICTIONARY]
    named = {(row["file"], row["column"]) for row in told}
    for name, data in files.items():
        if name != "dictionary.csv":
            header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
            assert {(name, column) for column in header} <= named
    age80 = next(row for row in told if row["column"] == "age80")
    assert (age80["unit_zh"], age80["type_zh"], age80["withheld_as"]) == ("人", "整数", "*")


def test_the_published_word_file_marks_what_is_withheld(published: Publication):
    made = Document(io.BytesIO(publication_file(published, "report.docx", "en")))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "*" in cells
    assert "quality" not in {name.removesuffix(".csv") for name in publication_files(published)}
    with pytest.raises(ReportError):
        publication_file(published, "quality.csv")


@pytest.mark.parametrize(("kind", "value", "text", "number"), [
    ("count", 12345, "12,345", 12345), ("fen", 12345, "123.45元", 123.45), ("share", "2/3", "66.6%（2/3）", 2 / 3),
    ("share", "25", "25", 25), ("count", None, "—", None), ("date", "2024-05-01", "2024-05-01", None),
])  # fmt: skip
def test_values_are_shown_as_people_write_them(kind: str, value: object, text: str, number: object):
    found = show(Column(id="x", name=say("列", "col"), kind=kind), value)
    assert (found.text.zh, found.number) == (text, number)
