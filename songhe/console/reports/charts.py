"""The figures of a report that are easier seen than read."""

from __future__ import annotations

from collections.abc import Iterator

from songhe.common.text import Text, say
from songhe.pages.charts import Bars, Mark
from songhe.reports.content import Content, Table
from songhe.reports.models import Report
from songhe.reports.showing import show


def charts_of(report: Report) -> dict[str, Bars]:
    """Table id → the chart that stands above it."""
    content = Content.model_validate(report.content)
    return {table.id: chart for section in content.sections for table in section.tables for chart in _charts(table)}


def _charts(table: Table) -> Iterator[Bars]:
    if table.id == "population" and table.rows:
        yield _across(table, "total", say("各年龄人数", "People by age"))
    if table.id == "task-states" and table.rows:
        marks = [Mark(_label(row.cells[0]), _number(row.cells[1])) for row in table.rows]
        yield Bars(name=table.id, title=say("任务按状态", "Tasks by state"), marks=marks)


def _across(table: Table, leave_out: str, title: Text) -> Bars:
    """The first row, column by column."""
    row = table.rows[0]
    marks = [
        Mark(column.name, _number(value), show(column, value).text)
        for column, value in zip(table.columns, row.cells, strict=True)
        if column.kind == "count" and column.id != leave_out
    ]
    return Bars(name=table.id, title=title, marks=marks)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _label(value: object) -> Text | str:
    return value if isinstance(value, Text) else str(value)
