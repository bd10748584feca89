"""A report as a spreadsheet: a sheet for each table, numbers as numbers, and no text that a program would run."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from songhe.common.spreadsheet import safe_cell
from songhe.common.text import say
from songhe.reports.documents.steady import steady
from songhe.reports.showing import ShownReport, ShownTable

_WRITTEN = dt.datetime(2000, 1, 1)
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ABOUT, _SOURCES = say("说明", "About"), say("来源条款", "Clauses")
_LONGEST_NAME = 31
_FORMATS = {"count": "#,##0", "fen": "#,##0.00", "share": "0.0000"}


def spreadsheet(report: ShownReport, language: str = "zh") -> bytes:
    """The file; the same report gives the same bytes."""
    book = Workbook()
    book.properties.creator = "松鹤 Songhe"
    book.properties.created = book.properties.modified = _WRITTEN
    about = book.active
    about.title = _ABOUT.in_language(language)
    _row(about, 1, [report.title.in_language(language)], bold=True)
    for number, (label, value) in enumerate(report.facts, start=2):
        _row(about, number, [label.in_language(language), value.in_language(language)])
    _fit(about, [18, 90])
    for section in report.sections:
        for table in section.tables:
            _sheet(book, table, section.title.in_language(language), language)
    if report.sources:
        sheet = book.create_sheet(_SOURCES.in_language(language))
        names = (say("条款", "Clause"), say("位置", "Place"), say("内容", "Content"))
        _row(sheet, 1, [name.in_language(language) for name in names], bold=True)
        for number, one in enumerate(report.sources, start=2):
            _row(sheet, number, [one.clause, one.place, one.text.in_language(language)])
        _fit(sheet, [16, 24, 90])
    target = io.BytesIO()
    book.save(target)
    return steady(_without_time(target.getvalue()))


def _without_time(data: bytes) -> bytes:
    """The writer puts the present into the properties: it is taken out again."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            written.writestr(name, content)
    return target.getvalue()


def _sheet(book: Any, table: ShownTable, section: str, language: str) -> None:
    title = table.title.in_language(language)
    sheet = book.create_sheet(_FORBIDDEN.sub(" ", f"{section} {title}" if section != title else title)[:_LONGEST_NAME])
    header = [column.name.in_language(language) for column in table.columns]
    if table.has_clauses:
        header.append(say("条款", "Clauses").in_language(language))
    _row(sheet, 1, [table.basis.in_language(language)])
    _row(sheet, 2, header, bold=True)
    sheet.freeze_panes = "A3"
    for number, (cells, clauses) in enumerate(table.rows, start=3):
        for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True), start=1):
            if cell.number is None:
                _text(sheet.cell(number, place), cell.text.in_language(language))
            else:
                written = sheet.cell(number, place, cell.number)
                written.number_format = _FORMATS.get(column.kind, "General")
        if table.has_clauses:
            _text(sheet.cell(number, len(header)), "、".join(clauses))
    if not table.rows and table.empty:
        _row(sheet, 3, [table.empty.in_language(language)])
    _fit(sheet, [24 if column.kind == "text" else 14 for column in table.columns])


def _row(sheet: Any, number: int, texts: list[str], *, bold: bool = False) -> None:
    for place, text in enumerate(texts, start=1):
        cell = sheet.cell(number, place)
        _text(cell, text)
        if bold:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=len(texts) > 1, vertical="top")


def _text(cell: Any, text: str) -> None:
    cell.value = _UNWRITABLE.sub("\ufffd", safe_cell(text))
    # Without this, a text such as #N/A would count as an error.
    cell.data_type = "s"
    cell.number_format = "@"


def _fit(sheet: Any, widths: list[int]) -> None:
    for number, width in enumerate(widths):
        letter = sheet.cell(1, number + 1).column_letter
        sheet.column_dimensions[letter].width = width
