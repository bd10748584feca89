"""A report, or what is published of it, as people read it: on pages, in Word files, in spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from songhe.common import clock
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.pages.charts import cut_percent
from songhe.reports.content import Column, Content, Section, Source, Table, Value
from songhe.reports.period import YEAR, Period
from songhe.reports.release import Release, ReleaseTable

WITHHELD = "*"
NOTHING = "—"


@dataclass(frozen=True)
class Shown:
    """A cell: its text, and its number where a spreadsheet is to hold one (yuan for money)."""

    text: Text
    number: int | float | None = None
    is_withheld: bool = False


@dataclass(frozen=True)
class ShownTable:
    id: str
    title: Text
    basis: Text
    columns: Sequence[Column]
    rows: Sequence[tuple[Sequence[Shown], Sequence[str]]]
    empty: Text | None

    @property
    def has_withheld(self) -> bool:
        return any(cell.is_withheld for cells, _ in self.rows for cell in cells)

    @property
    def has_clauses(self) -> bool:
        return any(clauses for _, clauses in self.rows)


@dataclass(frozen=True)
class ShownSection:
    id: str
    title: Text
    notes: Sequence[Text]
    tables: Sequence[ShownTable]


@dataclass(frozen=True)
class ShownReport:
    """`facts` are pairs of label and value that say what it is and what it rests on."""

    title: Text
    facts: Sequence[tuple[Text, Text]]
    sections: Sequence[ShownSection]
    sources: Sequence[Source]


def title_of(place: str, period: Period) -> Text:
    kind = say("年报", "yearly report") if period.kind == YEAR else say("月报", "monthly report")
    return say(
        f"{place}养老服务统计{kind.zh}（{period.label.zh}）", f"{place}: {kind.en} on elderly care, {period.label.en}"
    )


def show_report(content: Content, *, version: int, hash: str) -> ShownReport:
    """All of a report, for those who may read it."""
    period = Period(content.kind, content.period)
    facts = [
        (say("区划代码", "Division code"), _same(content.division)),
        (say("截至", "As of"), _same(content.as_of)),
        (say("所知截至", "Known up to"), _same(_moment(content.known_at))),
        (say("版次", "Version"), _same(str(version))),
        (say("政策文件", "Document"), content.document or say("无", "none")),
        (say("政策包指纹", "Hash of the package"), _same(content.package_hash or NOTHING)),
        (say("内容指纹", "Hash of the content"), _same(hash)),
    ]
    sections = [_section(one) for one in content.sections]
    return ShownReport(title_of(content.place, period), facts, sections, content.sources)


def show_release(release: Release, *, version: int, hash: str) -> ShownReport:
    """What everybody may see, the withheld cells marked."""
    period = Period(release.kind, release.period)
    facts = [
        (say("区划代码", "Division code"), _same(release.division)),
        (say("截至", "As of"), _same(release.as_of)),
        (say("版次", "Version"), _same(str(version))),
        (say("政策文件", "Document"), release.document or say("无", "none")),
        (say("许可", "Licence"), release.licence.name),
        (say("小数抑制", "Small numbers"), release.rule.because),
        (say("内容指纹", "Hash of the content"), _same(hash)),
    ]
    tables = [show_released(table) for table in release.tables]
    sections = [ShownSection(one.id, one.title, (), (one,)) for one in tables]
    return ShownReport(title_of(release.place, period), facts, sections, ())


def _section(section: Section) -> ShownSection:
    return ShownSection(section.id, section.title, section.notes, [show_table(table) for table in section.tables])


def show_table(table: Table) -> ShownTable:
    rows = [(list(_cells(table.columns, row.cells, ())), row.clauses) for row in table.rows]
    return ShownTable(table.id, table.title, table.basis, table.columns, rows, table.empty)


def show_released(table: ReleaseTable) -> ShownTable:
    rows = [(list(_cells(table.columns, row.cells, row.withheld)), row.clauses) for row in table.rows]
    return ShownTable(table.id, table.title, table.basis, table.columns, rows, table.empty)


def _cells(columns: Sequence[Column], cells: Sequence[Value], withheld: Sequence[int]) -> Iterator[Shown]:
    for number, (column, value) in enumerate(zip(columns, cells, strict=True)):
        yield Shown(_same(WITHHELD), is_withheld=True) if number in withheld else show(column, value)


def show(column: Column, value: Value) -> Shown:
    """A value as its column wants it."""
    if value is None:
        return Shown(_same(NOTHING))
    if isinstance(value, Text):
        return Shown(value)
    if isinstance(value, int):
        return (
            Shown(_same(format_yuan(value)), value / 100) if column.kind == "fen" else Shown(_same(f"{value:,}"), value)
        )
    return _share(value) if column.kind == "share" else Shown(_same(value or NOTHING))


def _share(text: str) -> Shown:
    """A part of a whole with its percentage, cut and never rounded up; what is more than a whole as a number."""
    share = Fraction(text)
    if share.denominator == 1 or share > 1:
        exact = f"{share.numerator:,}" if share.denominator == 1 else f"{float(share):,.4f}".rstrip("0")
        return Shown(_same(exact), share.numerator if share.denominator == 1 else float(share))
    return Shown(_same(f"{cut_percent(share.numerator, share.denominator)}（{text}）"), float(share))


def _moment(text: str) -> str:
    """In China's time, to the minute."""
    return f"{dt.datetime.fromisoformat(text).astimezone(clock.ZONE):%Y-%m-%d %H:%M}"


def _same(text: str) -> Text:
    return say(text, text)
