"""A report as a Word file: A4, real headings, tables whose first row repeats, page numbers, fonts for Chinese."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from songhe.common.text import Text, say
from songhe.reports.documents.steady import steady
from songhe.reports.showing import Shown, ShownReport, ShownTable

_FONTS = {"Normal": "宋体", "Title": "黑体", "Heading 1": "黑体", "Heading 2": "黑体", "Table Grid": "宋体"}
_LATIN = "Times New Roman"
_WRITTEN = dt.datetime(2000, 1, 1)
# A table wider than this is set in parts, each with the first columns again.
_WIDEST, _REPEATED = 8, 2
# What XML cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CLAUSES = say("条款", "Clauses")
_SOURCES = say("来源条款", "Clauses it goes back to")
_MARK = say(
    "* 为抑制的数：人数过少，或会使人推算出过少的数。", "* is withheld: too few people, or it would tell too few."
)


def word(report: ShownReport, language: str = "zh") -> bytes:
    """The file; the same report gives the same bytes."""
    made = Document()
    _dress(made, language)
    made.core_properties.title = _plain(report.title.in_language(language))
    made.add_heading(_plain(report.title.in_language(language)), level=0)
    if report.facts:
        _grid(made, [], [[label.in_language(language), value.in_language(language)] for label, value in report.facts])
    for section in report.sections:
        made.add_heading(_plain(section.title.in_language(language)), level=1)
        for note in section.notes:
            made.add_paragraph(_plain(note.in_language(language)))
        for table in section.tables:
            _table(made, table, language)
    if report.sources:
        made.add_heading(_SOURCES.in_language(language), level=1)
        rows = [[one.clause, one.place, one.text.in_language(language)] for one in report.sources]
        _grid(made, [_CLAUSES.in_language(language), *(say("位置", "Place"), say("内容", "Content"))], rows, language)
    target = io.BytesIO()
    made.save(target)
    return steady(target.getvalue())


def _dress(made: Any, language: str) -> None:
    """Page, fonts, page number, and properties that say nothing of when the file was written."""
    page = made.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    for name, font in _FONTS.items():
        style = made.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    made.styles["Normal"].font.size = Pt(10.5)
    _page_number(page.footer.paragraphs[0])
    properties = made.core_properties
    properties.author = "松鹤 Songhe"
    properties.language = "en" if language.startswith("en") else "zh-CN"
    properties.created = properties.modified = _WRITTEN
    properties.comments = ""


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _table(made: Any, table: ShownTable, language: str) -> None:
    made.add_heading(_plain(table.title.in_language(language)), level=2)
    made.add_paragraph(_plain(table.basis.in_language(language)))
    if not table.rows:
        made.add_paragraph(_plain(table.empty.in_language(language)) if table.empty else "—")
        return
    header: list[str | Text] = [column.name for column in table.columns]
    rows: list[list[str | Shown]] = [list(cells) for cells, _ in table.rows]
    if table.has_clauses:
        header.append(_CLAUSES)
        rows = [[*row, "、".join(clauses)] for row, (_, clauses) in zip(rows, table.rows, strict=True)]
    for part in _parts(len(header)):
        _grid(made, [header[n] for n in part], [[row[n] for n in part] for row in rows], language)
        made.add_paragraph()
    if table.has_withheld:
        made.add_paragraph(_MARK.in_language(language))


def _parts(width: int) -> list[list[int]]:
    """The columns of each part of a wide table."""
    if width <= _WIDEST:
        return [list(range(width))]
    step = _WIDEST - _REPEATED
    first = list(range(_REPEATED))
    return [[*first, *range(start, min(start + step, width))] for start in range(_REPEATED, width, step)]


def _grid(made: Any, header: Sequence[str | Text], rows: Sequence[Sequence[str | Shown]], language: str = "zh") -> None:
    width = len(header) or len(rows[0])
    grid = made.add_table(rows=0, cols=width, style="Table Grid")
    if header:
        cells = grid.add_row()
        _repeat(cells)
        for cell, text in zip(cells.cells, header, strict=True):
            _write(cell, text.in_language(language) if isinstance(text, Text) else text, bold=True)
    for row in rows:
        cells = grid.add_row()
        for cell, value in zip(cells.cells, row, strict=True):
            is_number = isinstance(value, Shown) and (value.number is not None or value.is_withheld)
            text = value.text.in_language(language) if isinstance(value, Shown) else value
            _write(cell, text, right=is_number)


def _repeat(row: Any) -> None:
    """The row stands at the head of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _write(cell: Any, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_plain(text))
    run.bold = bold or None
    run.font.size = Pt(9)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
