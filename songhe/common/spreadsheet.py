"""Tables for spreadsheet programs (电子表格), in which no text can act as a formula.

A text that a spreadsheet might run gets one apostrophe in front, and `plain_cell` takes exactly that one away again,
so that a file may go to a department and come back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

# What begins a formula, also in full width and after spaces that a program may trim.
_RISKY = re.compile(r"'*\s*[=+\-@\t\r\n\0＝＋－＠]")
_MARKED = re.compile(r"'+\s*[=+\-@\t\r\n\0＝＋－＠]")
# Characters that XML, and so XLSX, cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 1 << 16
_IS_TEXT = "@"


def safe_cell(value: object) -> str:
    """A value as the text of a cell that is never run; None is empty, numbers keep their sign."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float, Decimal)):
        return text
    return f"'{text}" if _RISKY.match(text) else text


def plain_cell(text: str) -> str:
    """The text that `safe_cell` was given."""
    return text[1:] if _MARKED.match(text) else text


def write_csv(
    rows: Iterable[Sequence[object]],
    header: Sequence[str],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
) -> Iterator[bytes]:
    """The table piece by piece; without other wishes in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(map(safe_cell, header))
    # The mark belongs at the beginning of the file only.
    codec = encoding
    for row in rows:
        writer.writerow(map(safe_cell, row))
        if text.tell() >= _CHUNK:
            yield text.getvalue().encode(codec, "replace")
            codec = encoding.removesuffix("-sig")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode(codec, "replace")


def write_xlsx(target: Path | str | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """One sheet, every cell marked as text: what is typed into a cell later, such as a number of 18 digits, stays as
    it was typed. Rows are written as they come; memory stays flat.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sample = WriteOnlyCell(sheet)
    sample.number_format = _IS_TEXT
    style = sample._style
    for row in chain((header,), rows):
        sheet.append([_text_cell(sheet, value, style) for value in row])
    book.save(target)


def _text_cell(sheet: Any, value: object, style: Any) -> WriteOnlyCell | None:
    text = _UNWRITABLE.sub("\ufffd", safe_cell(value))
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell._style = style
    # Without this, a text such as #N/A would count as an error.
    cell.data_type = "s"
    return cell
