"""XLSX: the first sheet or the one named. The format itself makes the sheet be held in memory as a whole."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from songhe.intake.problems import FileRefused
from songhe.intake.readers.table import RawRow, Shape, Table, unmarked

# A small file can unfold to any size; a million rows of twenty columns are about half of this.
_LARGEST = 4 << 30
# A spreadsheet keeps fifteen digits of a number.
_EXACT = 10**15


class XlsxTable(Table):
    """Numbers that lost digits arrive as `6.4E+17`, days as `1944-02-29`, everything else as it is shown."""

    def look(self, wanted: Shape) -> Shape:
        _, first = next(self._filled(wanted), (0, ()))
        return replace(wanted, header=tuple(cell.strip() for cell in unmarked(_texts(first))))

    def rows(self) -> Iterator[RawRow]:
        filled = self._filled(self.shape)
        next(filled, None)
        width = len(self.shape.header)
        for line, values in filled:
            cells = unmarked(_texts(values))
            # A sheet does not keep the empty cells at the end of a row.
            yield RawRow(line, cells + [""] * (width - len(cells)))

    def _filled(self, shape: Shape) -> Iterator[tuple[int, Sequence[Any]]]:
        """Rows that are not blank, with their number in the sheet."""
        with self.opener() as stream:
            _refuse_too_large(stream)
            try:
                book = CalamineWorkbook.from_filelike(stream)
                name = _sheet(book, shape.sheet)
                sheet = book.get_sheet_by_name(name)
                first = (sheet.start or (0, 0))[0] + 1
                rows = sheet.iter_rows()
            except (CalamineError, OSError, zipfile.BadZipFile):
                raise _damaged() from None
        for line, values in enumerate(rows, first):
            if any(value != "" for value in values):
                yield line, values


def _refuse_too_large(stream: Any) -> None:
    try:
        with zipfile.ZipFile(stream) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile:
        raise _damaged() from None
    if size > _LARGEST:
        raise FileRefused("XLSX 展开后过大，请拆分或改用 CSV", "the XLSX unfolds to too much; split it or use CSV")
    stream.seek(0)


def _damaged() -> FileRefused:
    return FileRefused(
        "XLSX 文件不完整或已损坏，请重新导出上传", "the XLSX file is incomplete or damaged; export and send it anew"
    )


def _sheet(book: CalamineWorkbook, wanted: str) -> str:
    names = book.sheet_names
    if not names or (wanted and wanted not in names):
        raise FileRefused(f"没有工作表“{wanted}”，有：{'、'.join(names)}", f"no such sheet; there are {names}")
    return wanted or names[0]


def _texts(values: Sequence[Any]) -> list[str]:
    return [value if type(value) is str else _text(value) for value in values]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.14E}"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)
