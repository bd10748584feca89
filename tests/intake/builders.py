"""Files and rows for tests; the people in them are nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from openpyxl import Workbook

from songhe.common.resident_id import check_digit

VILLAGE = "990101001001"
OTHER_COUNTY = "990102001001"


def number(sequence: int = 1, born: str = "19440229", county: str = "990101") -> str:
    first = f"{county}{born}{sequence:03d}"
    return first + check_digit(first)


def person(sequence: int = 1, **more: str) -> dict[str, str]:
    """A row of 公安 about somebody of the first village of the eastern county."""
    return {"公民身份号码": number(sequence), "姓名": f"曾{sequence}", "户籍地代码": VILLAGE} | more


def csv_file(rows: Iterable[Mapping[str, str]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    rows = list(rows)
    header = list(dict.fromkeys(title for row in rows for title in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *([row.get(title, "") for title in header] for row in rows)])
    return text.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Iterable[object]], *, sheet: str = "Sheet1") -> bytes:
    book = Workbook()
    book.active.title = sheet
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(line, column, value)
            # A text may look like a formula and is none.
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
