"""Open data (开放数据): a CSV file for each published table, and a dictionary that says what every column is.

UTF-8 with the mark by which spreadsheet programs know it, so that Chinese stays readable when a file is just opened; a
reader of data takes it as `utf-8-sig`. Withheld cells hold `*`: neither empty nor zero. What is not known is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from songhe.common.spreadsheet import write_csv
from songhe.common.text import Text, say
from songhe.reports.content import Column, Value
from songhe.reports.release import Release, ReleaseTable
from songhe.reports.showing import WITHHELD

TYPES = {
    "text": say("文本", "text"),
    "count": say("整数", "whole number"),
    "fen": say("整数", "whole number"),
    "share": say("分数（分子/分母）", "fraction (numerator/denominator)"),
    "date": say("日期（年-月-日）", "date (year-month-day)"),
}
_FEN = say("分（百分之一元）", "fen (a hundredth of a yuan)")
_CLAUSES = Column(id="clauses", name=say("依据条款（空格分隔）", "Clauses (separated by spaces)"))
DICTIONARY = (
    ("file", say("文件", "File")),
    ("column", say("列", "Column")),
    ("name_zh", say("中文名", "Chinese name")),
    ("name_en", say("英文名", "English name")),
    ("type_zh", say("类型", "Type")),
    ("type_en", say("类型（英文）", "Type (English)")),
    ("unit_zh", say("单位", "Unit")),
    ("unit_en", say("单位（英文）", "Unit (English)")),
    ("rounded_to", say("取整到", "Rounded to")),
    ("withheld_as", say("抑制标记", "Mark of what is withheld")),
    ("source_zh", say("来源", "Source")),
    ("source_en", say("来源（英文）", "Source (English)")),
    ("clauses", say("条款", "Clauses")),
)


def table_csv(table: ReleaseTable) -> bytes:
    """One table; a text in two languages takes two columns, `name` and `name_en`."""
    columns = list(_columns(table))
    rows = ([_cell(row.cells, row.withheld, row.clauses, one) for one in columns] for row in table.rows)
    return b"".join(write_csv(rows, [name for name, _, _ in columns]))


def dictionary(release: Release) -> list[list[str]]:
    """A row for each column of each file, in the order of DICTIONARY."""
    return [row for table in release.tables for row in _described(table)]


def dictionary_csv(release: Release) -> bytes:
    return b"".join(write_csv(dictionary(release), [name for name, _ in DICTIONARY]))


def file_names(release: Release) -> list[str]:
    return [f"{table.id}.csv" for table in release.tables]


def _columns(table: ReleaseTable) -> Iterator[tuple[str, int, str]]:
    """(name in the file, place in the row, language); the clauses of a row stand at -1."""
    for place, column in enumerate(table.columns):
        yield column.id, place, "zh"
        if any(isinstance(row.cells[place], Text) for row in table.rows):
            yield f"{column.id}_en", place, "en"
    if any(row.clauses for row in table.rows):
        yield _CLAUSES.id, -1, ""


def _cell(
    cells: Sequence[Value], withheld: Sequence[int], clauses: Sequence[str], column: tuple[str, int, str]
) -> object:
    _, place, language = column
    if place < 0:
        return " ".join(clauses)
    if place in withheld:
        return WITHHELD
    value = cells[place]
    return value.in_language(language) if isinstance(value, Text) else value


def _described(table: ReleaseTable) -> Iterator[list[str]]:
    clauses = " ".join(dict.fromkeys(clause for row in table.rows for clause in row.clauses))
    for name, place, language in _columns(table):
        column = table.columns[place] if place >= 0 else _CLAUSES
        kind = TYPES[column.kind]
        unit = _FEN if column.kind == "fen" else column.unit
        gone = any(place in row.withheld for row in table.rows)
        english = language == "en"
        yield [
            f"{table.id}.csv",
            name,
            f"{column.name.zh}（英文）" if english else column.name.zh,
            f"{column.name.en} (English)" if english else column.name.en,
            kind.zh,
            kind.en,
            unit.zh if unit else "",
            unit.en if unit else "",
            str(table.rounded.get(column.id, "")),
            WITHHELD if gone else "",
            table.basis.zh,
            table.basis.en,
            clauses if place >= 0 and column.kind != "text" else "",
        ]
