"""What of a report everybody may see: its tables with small cells withheld, sums of money rounded (发布稿)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pydantic import BaseModel, ConfigDict

from songhe.common.text import Text, say
from songhe.reports.content import Column, Content, Row, Section, Share, Sum, Table, Value
from songhe.reports.limits import Licence, Rule
from songhe.reports.suppression import Cell, Key, Sheet
from songhe.reports.suppression import Sum as Equation

_STRICT = ConfigDict(extra="forbid", frozen=True)
REST = "rest"


class ReleaseRow(BaseModel):
    """`withheld` are the places of the cells that are not told; they hold nothing."""

    model_config = _STRICT
    id: str
    cells: tuple[Value, ...]
    withheld: tuple[int, ...] = ()
    clauses: tuple[str, ...] = ()


class ReleaseTable(BaseModel):
    """`rounded`: column → fen to which its sums are rounded."""

    model_config = _STRICT
    id: str
    title: Text
    basis: Text
    columns: tuple[Column, ...]
    rows: tuple[ReleaseRow, ...]
    rounded: dict[str, int] = {}
    empty: Text | None = None


class Release(BaseModel):
    model_config = _STRICT
    format: int = 1
    division: str
    place: str
    kind: str
    period: int
    as_of: str
    document: Text | None
    report_hash: str
    rule: Rule
    licence: Licence
    tables: tuple[ReleaseTable, ...]


@dataclass(frozen=True)
class Spot:
    """Where a cell stands: table, number of the row and of the column."""

    table: str
    row: int
    column: int


@dataclass(frozen=True)
class Mapped:
    """A report's cells as a sheet, and where each of them stands."""

    sheet: Sheet
    spots: dict[Key, tuple[Spot, ...]]


def published_tables(content: Content) -> Iterator[Table]:
    for section in content.sections:
        yield from (table for table in section.tables if table.publish != "no")


def sheet_of(content: Content, rule: Rule) -> Mapped:
    """Every count of the tables that are published as counts, with the sums that hold among them."""
    cells: dict[Key, Cell] = {}
    sums: list[Equation] = []
    spots: dict[Key, list[Spot]] = {}
    for table in published_tables(content):
        if table.publish == "counts":
            for key, cell, spot in _cells(table, rule):
                cells[_own_name(key, cell, cells)] = cell
                spots.setdefault(key, []).append(spot)
            sums += _equations(table, cells)
    return Mapped(Sheet(cells, tuple(dict.fromkeys(sums))), {key: tuple(some) for key, some in spots.items()})


def _own_name(key: Key, cell: Cell, cells: dict[Key, Cell]) -> Key:
    if key in cells and cells[key].value != cell.value:
        raise ValueError(f"{key} is counted twice and differently")
    return key


def _cells(table: Table, rule: Rule) -> Iterator[tuple[Key, Cell, Spot]]:
    for number, row in enumerate(table.rows):
        for place, column in enumerate(table.columns):
            value = row.cells[place]
            if column.kind == "count" and isinstance(value, int):
                hides = column.hides_zero and rule.zeros == "withheld"
                cell = Cell(value, is_sensitive=column.people or row.people, hides_zero=hides)
                yield key_of(table, row.same_as or row.id, column.id), cell, Spot(table.id, number, place)


def key_of(table: Table, row: str, column: str) -> Key:
    return f"{table.scope or table.id}/{row}/{column}"


def _equations(table: Table, cells: dict[Key, Cell]) -> Iterator[Equation]:
    for one in table.sums:
        for total, parts in _lined_up(table, one):
            if {total, *parts} <= cells.keys():
                yield Equation(total, parts)
    for share in table.shares:
        yield from _rests(table, share, cells)


def _lined_up(table: Table, one: Sum) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    if one.axis == "rows":
        for column in one.columns:
            yield key_of(table, one.total, column), tuple(key_of(table, part, column) for part in one.parts)
    else:
        for row in table.rows:
            yield (
                key_of(table, row.same_as or row.id, one.total),
                tuple(key_of(table, row.same_as or row.id, part) for part in one.parts),
            )


def _rests(table: Table, share: Share, cells: dict[Key, Cell]) -> Iterator[Equation]:
    """What a part leaves of its whole is told by both of them: it is protected like what is printed."""
    for row in table.rows:
        part, whole = (key_of(table, row.same_as or row.id, name) for name in (share.numerator, share.denominator))
        if part in cells and whole in cells and cells[part].value <= cells[whole].value:
            rest = f"{part}/{REST}"
            left = cells[whole].value - cells[part].value
            cells[rest] = Cell(left, is_shown=False, is_sensitive=cells[part].is_sensitive)
            yield Equation(whole, (part, rest))


def release_of(content: Content, report_hash: str, rule: Rule, licence: Licence, withheld: Collection[Key]) -> Release:
    """The tables as they are published when these cells are withheld."""
    return Release(
        division=content.division,
        place=content.place,
        kind=content.kind,
        period=content.period,
        as_of=content.as_of,
        document=content.document,
        report_hash=report_hash,
        rule=rule,
        licence=licence,
        tables=tuple(
            _table(section, table, rule, withheld)
            for section in content.sections
            for table in section.tables
            if table.publish != "no"
        ),
    )


def _table(section: Section, table: Table, rule: Rule, withheld: Collection[Key]) -> ReleaseTable:
    rounded = _roundings(table, rule)
    return ReleaseTable(
        id=table.id,
        title=_title(section, table),
        basis=table.basis,
        columns=tuple(column for column in table.columns if not column.is_internal),
        rows=tuple(_row(table, row, rounded, withheld) for row in table.rows),
        rounded=rounded,
        empty=table.empty,
    )


def _title(section: Section, table: Table) -> Text:
    """Of the only table of a section, the section's title says enough."""
    if len(section.tables) == 1:
        return section.title
    return say(f"{section.title.zh}：{table.title.zh}", f"{section.title.en}: {table.title.en}")


def _row(table: Table, row: Row, rounded: dict[str, int], withheld: Collection[Key]) -> ReleaseRow:
    gone = {column.id for column in table.columns if key_of(table, row.same_as or row.id, column.id) in withheld}
    shares = {one.share: (one.numerator, one.denominator) for one in table.shares}
    for column in table.columns:
        if gone.intersection((*column.follows, *shares.get(column.id, ()))):
            gone.add(column.id)
    told = [
        (column.id, value) for column, value in zip(table.columns, row.cells, strict=True) if not column.is_internal
    ]
    cells = [None if id in gone else _told(value, rounded.get(id)) for id, value in told]
    places = tuple(number for number, (id, _) in enumerate(told) if id in gone)
    return ReleaseRow(id=row.id, cells=tuple(cells), withheld=places, clauses=row.clauses)


def _told(value: Value, step: int | None) -> Value:
    if step is None or not isinstance(value, int):
        return value
    return (2 * value + step) // (2 * step) * step


def _roundings(table: Table, rule: Rule) -> dict[str, int]:
    """So far that some people more or less, at the average of the first row, make no difference."""
    found = {}
    for number, column in enumerate(table.columns):
        if column.kind == "fen" and column.follows and table.rows:
            people = table.rows[0].cells[table.place(column.follows[0])]
            found[column.id] = _step(table.rows[0].cells[number], people, rule.money_people)
    return found


def _step(fen: Value, people: Value, number: int) -> int:
    if not isinstance(fen, int) or not isinstance(people, int) or not people:
        return 10_000_00
    wanted, step = Fraction(abs(fen) * number, people), 1_000_00
    while step < wanted:
        step *= 10
    return step
