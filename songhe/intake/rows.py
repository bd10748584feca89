"""One row: from cells to who it is about and what is said, or to everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from songhe.common import resident_id
from songhe.divisions.queries import tree_on
from songhe.intake.cells import Reader, read_day, reader_of
from songhe.intake.problems import CellError, FileRefused, RowProblem
from songhe.registry.domain.statements import Prepared, Preparer, Statement
from songhe.registry.sources.mapping import BIRTH, LIFELONG, NAME, NUMBER, Column, SourceMapping, plain_title
from songhe.registry.vocabulary import StatementError, label, rule_facts

_REMEMBERED = 50_000
_UNSEEN: Any = object()
_Days = tuple[dt.date | None, dt.date | None]
_NO_DAYS: _Days = (None, None)


@dataclass(slots=True)
class Row:
    """A row as read: its line, its cells, what it states, and what is wrong. With a problem nothing of it counts."""

    line: int
    cells: Sequence[str]
    said: dict[str, Prepared] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def value(self, fact: str) -> str | None:
        """The value as stored; for the resident number, its keyed hash."""
        one = self.said.get(fact)
        return None if one is None else one.value


class RowReader:
    """Reads the rows of one table by its header. Raises FileRefused for a header that cannot be used.

    `unknown` holds the titles that mean nothing to the mapping.
    """

    def __init__(
        self, mapping: SourceMapping, header: Sequence[str], *, today: dt.date, codes_on: dt.date | None = None
    ) -> None:
        self.mapping = mapping
        self.header = tuple(header)
        self._preparer = Preparer(today, codes_on)
        self._tree = tree_on(codes_on or today)
        titles = [plain_title(title) for title in header]
        _refuse_twice(titles)
        self._places = {title: index for index, title in enumerate(titles) if title}
        self._row_from = self._first(mapping.row_from)
        self._row_to = self._first(mapping.row_to)
        self._fields = [
            _Field(self, index, mapping.columns[title])
            for title, index in self._places.items()
            if title in mapping.columns
        ]
        self._required = tuple(mapping.required)
        self._refuse_facts()
        self.unknown = tuple(
            title or f"第{index}列（无标题）"
            for index, title in enumerate(header, 1)
            if not mapping.knows(titles[index - 1])
        )

    def read(self, line: int, cells: Sequence[str]) -> Row:
        row = Row(line, cells)
        if len(cells) != len(self.header) and not _pad(row, len(self.header)):
            return row
        days = self._days(row)
        for one in self._fields:
            text = row.cells[one.index]
            if text:
                one.read(text, row, days)
        self._complete(row)
        return row

    def day(self, row: Row, index: int | None) -> dt.date | None:
        """The day in a cell, or None; a problem is noted in the row."""
        if index is None or not (text := row.cells[index].strip()) or text in self.mapping.unknown:
            return None
        try:
            day: dt.date = read_day(text)
        except CellError as error:
            row.problems.append(RowProblem(self.header[index], error.zh, error.en))
            return None
        return day

    def refuse_place(self, code: str) -> None:
        """Raises CellError for a code that does not exist in a county that is known; other places are not ours."""
        if any(self._tree.find(code[:length]) for length in (4, 6, 9) if length < len(code)):
            raise CellError("没有这个区划代码，请核对", "there is no division of this code; check it")

    def _days(self, row: Row) -> _Days:
        if self._row_from is None and self._row_to is None:
            return _NO_DAYS
        return self.day(row, self._row_from), self.day(row, self._row_to)

    def _complete(self, row: Row) -> None:
        if row.problems:
            return
        said = row.said
        for fact in self._required:
            if fact not in said:
                row.problems.append(RowProblem(self._title_of(fact), "必填", "must be filled in"))
        if NUMBER in said:
            self._take_from_number(said)
        elif NAME not in said or BIRTH not in said:
            row.problems.append(
                RowProblem(
                    "", "没有公民身份号码时，须填姓名和出生日期", "without a number, name and birth date are needed"
                )
            )
        if "death_date" in said and row.value("alive") == "true":
            row.problems.append(RowProblem("", "既填在世，又填死亡日期", "alive, and with a date of death"))

    def _take_from_number(self, said: dict[str, Prepared]) -> None:
        number = str(said[NUMBER].text)
        for fact in self.mapping.from_number:
            if fact not in said:
                value = resident_id.birth_date(number) if fact == BIRTH else resident_id.sex(number)
                said[fact] = self._preparer.prepare(Statement(fact, value))

    def place_of(self, fact: str) -> int | None:
        """The position of the column that states a fact."""
        return next((one.index for one in self._fields if one.fact == fact), None)

    def _title_of(self, fact: str) -> str:
        return next((self.header[one.index] for one in self._fields if one.fact == fact), label(fact).zh)

    def _first(self, titles: Sequence[str]) -> int | None:
        return next((self._places[title] for title in titles if title in self._places), None)

    def _refuse_facts(self) -> None:
        facts = [one.fact for one in self._fields]
        for fact in facts:
            if facts.count(fact) > 1:
                titles = "、".join(self.header[one.index] for one in self._fields if one.fact == fact)
                raise FileRefused(f"这些列说的是同一件事：{titles}，请只留一列", f"columns of the same fact: {titles}")
        for fact, accepted in self.mapping.required.items():
            if fact not in facts:
                raise FileRefused(
                    f"缺少必需的列“{label(fact).zh}”，可用标题：{'、'.join(accepted)}",
                    f"the column {fact} is missing; titles accepted: {', '.join(accepted)}",
                )
        if NUMBER not in facts and not {NAME, BIRTH} <= set(facts):
            raise FileRefused(
                "缺少公民身份号码列，也没有姓名和出生日期两列",
                "neither a column of numbers nor of names and birth dates",
            )


class _Field:
    """A column of this table: reads a cell into what it states, and remembers what many rows share."""

    def __init__(self, reader: RowReader, index: int, column: Column) -> None:
        self.index, self.fact = index, column.fact
        self._reader, self._mapping = reader, reader.mapping
        self._read: Reader = reader_of(column)
        self._since, self._until = reader._first(column.since), reader._first(column.until)
        self._is_dated = self._since is not None or self._until is not None
        self._is_lifelong = column.fact in LIFELONG
        self._is_place = column.fact in rule_facts() and rule_facts()[column.fact].type == "division"
        self._remembered: dict[str, Prepared | None] | None = {} if column.fact in rule_facts() else None

    def read(self, text: str, row: Row, days: _Days) -> None:
        if self._is_dated:
            since, until = self._reader.day(row, self._since), self._reader.day(row, self._until)
            if since is not None or until is not None:
                days = since, until
        elif self._is_lifelong:
            days = _NO_DAYS
        remembered = self._remembered if days == _NO_DAYS else None
        one = _UNSEEN if remembered is None else remembered.get(text, _UNSEEN)
        if one is _UNSEEN:
            try:
                one = self._prepare(text.strip(), days)
            except (CellError, StatementError) as error:
                row.problems.append(RowProblem(self._reader.header[self.index], error.zh, error.en))
                return
            if remembered is not None:
                if len(remembered) >= _REMEMBERED:
                    remembered.clear()
                remembered[text] = one
        if one is not None:
            row.said[self.fact] = one

    def _prepare(self, text: str, days: _Days) -> Prepared | None:
        if not text or text in self._mapping.unknown:
            return None
        if text in self._mapping.withdraw:
            if self.fact in (NUMBER, NAME):
                raise CellError("身份信息不能在文件里撤回", "who somebody is cannot be taken back in a file")
            value = None
        else:
            value = self._read(text)
        # Of what holds for life, only a death begins on a day.
        if self._is_lifelong and value is not False:
            days = _NO_DAYS
        one = self._reader._preparer.prepare(Statement(self.fact, value, *days))
        if self._is_place and one.value is not None and one.division is None:
            self._reader.refuse_place(one.value)
        return one


def _pad(row: Row, width: int) -> bool:
    """Whether the row can be read: cells too many may only be empty, cells too few are a problem."""
    if len(row.cells) > width and not any(cell.strip() for cell in row.cells[width:]):
        row.cells = row.cells[:width]
        return True
    found = len(row.cells)
    row.problems.append(
        RowProblem("", f"有 {found} 个单元格，标题行有 {width} 个", f"{found} cells under {width} titles")
    )
    return False


def _refuse_twice(titles: Sequence[str]) -> None:
    for title in titles:
        if title and titles.count(title) > 1:
            raise FileRefused(f"列“{title}”出现了两次，请只留一列", f"the column {title} stands twice; keep one")
