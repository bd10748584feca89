"""The first look at a whole file, before anything of it is written: is it complete, and what does it hold?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from songhe.intake import store
from songhe.intake.memory import Repeated
from songhe.intake.models import Import
from songhe.intake.problems import FileRefused
from songhe.intake.readers import Table, open_table
from songhe.intake.rows import Row, RowReader
from songhe.registry.sources.mapping import SourceMapping, mapping_for


@dataclass(frozen=True)
class Checked:
    """A file that is whole: its table, the reader of its rows, how many there are and who comes more than once."""

    mapping: SourceMapping
    table: Table
    reader: RowReader
    rows: int
    repeated: frozenset[int]

    def read(self) -> Iterator[Row]:
        """Every row in order; those that cannot be read carry their problem."""
        for line, cells, problem in self.table.rows():
            if problem is None:
                yield self.reader.read(line, cells)
            else:
                yield Row(line, cells, problems=[problem])


def check(upload: Import) -> Checked:
    """Raises FileRefused for a file that is not whole, has the wrong columns, or not the rows it was announced with."""
    mapping = mapping_for(upload.source)
    table = open_table(lambda: store.opened(upload), upload.format, sheet=upload.sheet)
    reader = RowReader(mapping, table.shape.header, today=timezone.localdate(), codes_on=upload.codes_on)
    repeated, rows = Repeated(reader), 0
    for rows, raw in enumerate(table.rows(), 1):  # noqa: B007
        repeated.see(raw.cells)
    if not rows:
        raise FileRefused("文件里没有数据行", "the file has no rows")
    if upload.announced_rows is not None and upload.announced_rows != rows:
        raise FileRefused(
            f"申报 {upload.announced_rows} 行，实有 {rows} 行，文件可能没有传完",
            f"{upload.announced_rows} rows were announced and {rows} found; the file may be incomplete",
        )
    return Checked(mapping, table, reader, rows, repeated.found())
