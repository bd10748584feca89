"""Bank files as tables, CSV and XLSX, by a format; a file written again has the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.payment.errors import PaymentError
from songhe.payment.files.formats import Column, TableFormat
from songhe.payment.files.order import Order, Transfer, yuan

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CORE = "docProps/core.xml"


def write_table(order: Order, form: TableFormat, target: IO[bytes]) -> None:
    """Raises PaymentError, naming the number of the line, for what the bank's fields cannot hold."""
    header = [column.title for column in form.columns]
    if form.kind == "csv":
        for piece in write_csv(_rows(order, form), header, encoding=form.encoding, delimiter=form.delimiter):
            target.write(piece)
        return
    book = io.BytesIO()
    write_xlsx(book, header, _rows(order, form))
    _write_steady(book, order.at, target)


def check_table(order: Order, form: TableFormat) -> None:
    """Raises PaymentError as writing would, before anything is written."""
    for _ in _rows(order, form):
        pass


def _rows(order: Order, form: TableFormat) -> Iterator[list[str]]:
    for number, transfer in enumerate(order.transfers, 1):
        yield [_cell(column, number, transfer, form.encoding) for column in form.columns]
    if form.totals:
        filled = {"lines": str(len(order.transfers)), "yuan": yuan(order.fen)}
        yield [filled.get(word, word) for column in form.columns for word in (form.totals.get(column.title, ""),)]


def _cell(column: Column, number: int, transfer: Transfer, encoding: str) -> str:
    match column.value:
        case "number":
            return str(number)
        case "yuan":
            return yuan(transfer.fen)
        case "text":
            return column.text
        case _:
            return _fitting(getattr(transfer, column.value), column, number, encoding)


def _fitting(text: str, column: Column, number: int, encoding: str) -> str:
    """A name that was cut or had a character replaced would be somebody else's."""
    try:
        length = len(text.encode(encoding))
    except UnicodeEncodeError:
        raise PaymentError(
            f"第{number}笔的{column.title}有{encoding}没有的字。",
            f"Line {number}: {column.title} has a character that {encoding} lacks.",
        ) from None
    if column.width is not None and length > column.width:
        raise PaymentError(
            f"第{number}笔的{column.title}超过{column.width}字节。",
            f"Line {number}: {column.title} is longer than {column.width} bytes.",
        )
    return text


def _write_steady(book: io.BytesIO, at: dt.datetime, target: IO[bytes]) -> None:
    """The workbook with the times of the batch in place of the clock's."""
    stamp = at.astimezone(dt.UTC)
    text = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as steady:
        for name in source.namelist():
            content = source.read(name)
            if name == _CORE:
                content = _TIMES.sub(lambda match: match[1] + text, content)
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            steady.writestr(info, content)
