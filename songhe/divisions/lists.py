"""The lists of divisions that come with Songhe; see data/README.md for where they are from."""

from __future__ import annotations

import csv
import datetime as dt
from importlib import resources

from songhe.divisions.codes import level_of
from songhe.divisions.domain import DivisionError, Row

CITIES = ("suizhou", "xinxiang", "xianyang", "dongying", "qingtongxia")
NOTE = "统计用区划代码 2023 年版（截至 2023-06-30），此前的变更未录入"
# The list says nothing of the years before; days in old files must fall into some tree all the same.
SINCE = dt.date(1949, 10, 1)

_COLUMNS = ("code", "name", "level", "parent", "is_committee")


def read_city(city: str) -> list[Row]:
    """The rows of one of CITIES."""
    text = resources.files("songhe.divisions.data").joinpath(f"{city}.csv").read_text("utf-8")
    return read_list(text)


def read_list(text: str) -> list[Row]:
    """The rows of a CSV text with the columns code, name, level, parent, is_committee (0 or 1).

    Raises DivisionError naming the line that cannot be taken.
    """
    lines = csv.DictReader(text.splitlines())
    if tuple(lines.fieldnames or ()) != _COLUMNS:
        columns = ",".join(_COLUMNS)
        raise DivisionError(f"首行应为 {columns}。", f"The first line must be {columns}.")
    return [_read_row(line, number) for number, line in enumerate(lines, start=2)]


def _read_row(line: dict[str, str], number: int) -> Row:
    whole = None not in line and None not in line.values()
    if not whole or line["level"] != str(level_of(line["code"])) or line["is_committee"] not in ("0", "1"):
        raise DivisionError(
            f"第 {number} 行有误：应有五列，层级须与代码长度相符，is_committee 为 0 或 1。",
            f"Line {number}: give five columns, a level that fits the length of the code, and 0 or 1 for is_committee.",
        )
    return Row(line["code"], line["name"], line["parent"], line["is_committee"] == "1")
