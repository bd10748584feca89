"""A table as a file to take along (导出): CSV, or a sheet for a spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.console.acting import never_stored

CSV, XLSX = "csv", "xlsx"
FILE_TYPES = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def file_answer(name: str, extension: str, header: Sequence[str], body: Iterable[Sequence[Any]]) -> HttpResponse:
    """`name` without its ending; `extension` is one of FILE_TYPES."""
    if extension == CSV:
        content = b"".join(write_csv(body, header))
    else:
        # In memory: a file of people's data is to lie nowhere in clear.
        target = io.BytesIO()
        write_xlsx(target, header, body)
        content = target.getvalue()
    answer = HttpResponse(content, content_type=FILE_TYPES[extension])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return never_stored(answer)
