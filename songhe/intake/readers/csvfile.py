"""CSV as offices write it: comma, semicolon or tab, in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from songhe.intake.problems import FileRefused
from songhe.intake.readers.encoding import encoding_of
from songhe.intake.readers.table import RawRow, Shape, Table, unmarked

_DELIMITERS = ",;\t"


class CsvTable(Table):
    """Rows as they stream; a quotation that never ends, or a last row that is too short, refuses the whole file."""

    def look(self, wanted: Shape) -> Shape:
        shape = replace(wanted, encoding=encoding_of(self.opener))
        with self._text(shape.encoding) as text:
            first = next((line for line in text if line.strip()), "")
        shape = replace(shape, delimiter=max(_DELIMITERS, key=first.count))
        with self._text(shape.encoding) as text:
            _, cells = next(self._records(text, shape.delimiter), (0, []))
        return replace(shape, header=tuple(cell.strip() for cell in unmarked(cells)))

    def rows(self) -> Iterator[RawRow]:
        width = len(self.shape.header)
        cells: list[str] = []
        line = 0
        with self._text(self.shape.encoding) as text:
            records = self._records(text, self.shape.delimiter)
            next(records, None)
            for line, cells in records:
                yield RawRow(line, unmarked(cells))
        if line and len(cells) < width:
            raise FileRefused(
                "最后一行不完整，文件像是没有传完，请重新导出上传",
                "the last row is cut off; the file seems incomplete, export and send it anew",
                line,
            )

    def _text(self, encoding: str) -> IO[str]:
        return io.TextIOWrapper(self.opener(), encoding=encoding, newline="")

    def _records(self, text: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Rows that are not blank, with the number of their first line."""
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            raise FileRefused(
                "引号没有配对，或文件没有传完，请检查此行或重新导出",
                "quotation marks do not match, or the file was cut off; check the line or export it anew",
                line,
            ) from None
