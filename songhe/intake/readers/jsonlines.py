"""JSON Lines: one object a line; the titles are the keys of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from songhe.intake.problems import FileRefused, RowProblem
from songhe.intake.readers.encoding import encoding_of
from songhe.intake.readers.table import RawRow, Shape, Table

_MOST_TITLES = 500


class JsonLinesTable(Table):
    """A broken line in the middle is one bad row; a broken last line is a file that was cut off."""

    def look(self, wanted: Shape) -> Shape:
        shape = replace(wanted, encoding=encoding_of(self.opener))
        titles: dict[str, None] = {}
        for _, record in self._records(shape.encoding):
            if isinstance(record, dict):
                titles.update(dict.fromkeys(record))
            if len(titles) > _MOST_TITLES:
                raise FileRefused("字段名多得不合理，请检查文件", "there are too many different keys; check the file")
        return replace(shape, header=tuple(titles))

    def rows(self) -> Iterator[RawRow]:
        header = self.shape.header
        for line, record in self._records(self.shape.encoding):
            if isinstance(record, RowProblem):
                yield RawRow(line, (), record)
            else:
                yield row_of(line, record, header)

    def _records(self, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowProblem]]:
        broken: tuple[int, RowProblem] | None = None
        with self.opener() as stream:
            for line, content in enumerate(stream, 1):
                if not content.strip():
                    continue
                if broken:
                    yield broken
                record = _read(content, encoding)
                broken = (line, record) if isinstance(record, RowProblem) else None
                if broken is None:
                    yield line, record
        if broken:
            raise FileRefused(
                "最后一行不完整，文件像是没有传完，请重新导出上传",
                "the last line is cut off; the file seems incomplete, export and send it anew",
                broken[0],
            )


def row_of(line: int, record: Mapping[str, Any], header: tuple[str, ...]) -> RawRow:
    """A record as a row under a header; a value that is a list or an object is a problem."""
    for title, value in record.items():
        if isinstance(value, (dict, list)):
            return RawRow(
                line, (), RowProblem(title, "应为一个值，不是列表或对象", "must be one value, no list or object")
            )
    return RawRow(line, [_text(record.get(title)) for title in header])


def _read(content: bytes, encoding: str) -> dict[str, Any] | RowProblem:
    try:
        record = json.loads(content.decode(encoding))
    except (ValueError, RecursionError):
        return RowProblem("", "这一行不是 JSON，请检查引号和逗号", "the line is no JSON; check its quotation marks")
    if not isinstance(record, dict):
        return RowProblem("", "这一行不是 JSON 对象", "the line is no JSON object")
    return record


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
