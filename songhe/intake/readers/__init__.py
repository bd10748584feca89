"""Tables out of files: CSV, XLSX and JSON Lines, read row by row and as often as needed."""

from __future__ import annotations

import zipfile
from pathlib import PurePath

from songhe.intake.problems import FileRefused
from songhe.intake.readers.csvfile import CsvTable
from songhe.intake.readers.jsonlines import JsonLinesTable
from songhe.intake.readers.table import Opener, RawRow, Shape, Table
from songhe.intake.readers.xlsx import XlsxTable

__all__ = ["Opener", "RawRow", "Shape", "Table", "format_of", "open_table"]

_TABLES: dict[str, type[Table]] = {"csv": CsvTable, "xlsx": XlsxTable, "jsonl": JsonLinesTable}
_ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


def format_of(file_name: str, opener: Opener) -> str:
    """csv, xlsx or jsonl, by the ending and what the file holds. Raises FileRefused for anything else."""
    ending = PurePath(file_name).suffix.lower()
    format = _ENDINGS.get(ending)
    if format is None:
        raise FileRefused(
            f"不支持 {ending or '没有扩展名'} 的文件，请用 .xlsx、.csv 或 .jsonl",
            "this kind of file cannot be read; use .xlsx, .csv or .jsonl",
        )
    with opener() as stream:
        is_zip = zipfile.is_zipfile(stream)
        stream.seek(0)
        begins_as_zip = stream.read(2) == b"PK"
    if format == "xlsx" and not is_zip:
        raise FileRefused(
            "XLSX 文件不完整或已损坏，请重新导出上传", "the XLSX file is incomplete or damaged; export it anew"
        )
    if format != "xlsx" and begins_as_zip:
        raise FileRefused("文件其实是 XLSX，请改扩展名为 .xlsx", "the file is an XLSX; give it the ending .xlsx")
    return format


def open_table(opener: Opener, format: str, *, shape: Shape | None = None, sheet: str = "") -> Table:
    """The table in a file; `shape` is what an earlier look at the same file found. Raises FileRefused."""
    return _TABLES[format](opener, shape or Shape(sheet=sheet))
