"""The rows that were set aside, as a file to mend and send back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.intake import store
from songhe.intake.domain.receiving import tell
from songhe.intake.models import Import, SetAside
from songhe.intake.problems import RowProblem
from songhe.intake.readers import RawRow, Table, open_table

LINE, ERRORS = "行号", "错误说明"


@dataclass(frozen=True)
class ErrorFile:
    """A file in the format, columns and encoding of the upload; `content` may be read once."""

    name: str
    content: Iterator[bytes]


def error_file(*, user: User, upload: Import) -> ErrorFile:
    """The rows set aside, with the line they came from and what is wrong with them in front.

    Our reader takes the mended file as it is. Raises OutOfScope, and FileRefused when the upload was deleted.
    """
    require(user, Action.IMPORT_RUN, upload)
    table = open_table(lambda: store.opened(upload), upload.format, sheet=upload.sheet)
    tell(user, "import.errors_read", upload, {"count": upload.set_aside.count()})
    name = PurePath(upload.file_name)
    return ErrorFile(f"{name.stem}-{ERRORS}{name.suffix}", _WRITERS[upload.format](table, _wrong(table, upload)))


def _wrong(table: Table, upload: Import) -> Iterator[tuple[RawRow, str]]:
    """Rows and what is wrong with them, in the order of the file."""
    aside = SetAside.objects.filter(upload=upload).order_by("line").values_list("line", "problems")
    wanted = aside.iterator(chunk_size=2_000)
    line, problems = next(wanted, (0, []))
    for row in table.rows():
        if row.line == line:
            yield row, "；".join(RowProblem(*problem).told() for problem in problems)
            line, problems = next(wanted, (0, []))


def _kept(table: Table) -> list[int]:
    """The columns that go back: not those of an earlier file of ours."""
    return [index for index, title in enumerate(table.shape.header) if title not in (LINE, ERRORS)]


def _cells(table: Table, rows: Iterator[tuple[RawRow, str]]) -> tuple[list[str], Iterator[list[object]]]:
    kept = _kept(table)
    header = [LINE, ERRORS, *(table.shape.header[index] for index in kept)]
    width = len(table.shape.header)
    lines = (
        [str(row.line), wrong, *(row.cells[index] for index in kept if index < len(row.cells)), *row.cells[width:]]
        for row, wrong in rows
    )
    return header, lines


def _csv(table: Table, rows: Iterator[tuple[RawRow, str]]) -> Iterator[bytes]:
    header, lines = _cells(table, rows)
    return write_csv(lines, header, encoding=table.shape.encoding, delimiter=table.shape.delimiter)


def _xlsx(table: Table, rows: Iterator[tuple[RawRow, str]]) -> Iterator[bytes]:
    header, lines = _cells(table, rows)
    # In memory: nothing personal may lie in a temporary file.
    content = io.BytesIO()
    write_xlsx(content, header, lines)
    yield content.getvalue()


def _json_lines(table: Table, rows: Iterator[tuple[RawRow, str]]) -> Iterator[bytes]:
    header, kept = table.shape.header, _kept(table)
    for row, wrong in rows:
        cells = {header[index]: row.cells[index] for index in kept if index < len(row.cells) and row.cells[index]}
        text = json.dumps({LINE: row.line, ERRORS: wrong} | cells, ensure_ascii=False)
        yield f"{text}\n".encode(table.shape.encoding.removesuffix("-sig"))


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "jsonl": _json_lines}
