"""How the tasks of the document stand at the end of the period: how many in each state, and each with its date."""

from __future__ import annotations

from collections import Counter

from songhe.common.text import Text, say
from songhe.decision.task import CONTINUING, DONE, OPEN, OVERDUE
from songhe.plan.queries import Row, board
from songhe.policy.package import Package
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Section, Table
from songhe.reports.content import Row as Line

_BASIS = say(
    "以上级已确认的为准；到期日与文件写的一样精确，持续实施的任务不算超期。",
    "By what was confirmed; deadlines are as precise as the document, and what continues is never overdue.",
)
_EMPTY = say("此地当日没有文件规定的任务。", "No document sets tasks for this place on the day.")
_STATES = {
    OVERDUE: say("超期", "overdue"),
    OPEN: say("进行中", "open"),
    CONTINUING: say("持续实施", "continuing"),
    DONE: say("已完成", "done"),
}


def gather(asked: Asked, title: Text) -> Section:
    found = board(asked.user, asked.division, asked.as_of, known=asked.known_at)
    rows = found.rows if found else ()
    basis = _basis(asked.package, found.package if found else None)
    return Section(id="tasks", title=title, tables=(_states(asked, rows, basis), _dates(asked, rows, basis)))


def _basis(shown: Package | None, package: Package | None) -> Text:
    """With the document, where the report is of another."""
    if package is None or shown is None or package.id == shown.id:
        return _BASIS
    title = package.document.title
    return say(f"任务依据《{title.zh}》。{_BASIS.zh}", f"Tasks by “{title.en}”. {_BASIS.en}")


def _states(asked: Asked, rows: tuple[Row, ...], basis: Text) -> Table:
    counts = Counter(row.state for row in rows)
    return Table(
        id="task-states",
        title=say("任务按状态", "Tasks by state"),
        basis=basis,
        columns=(
            Column(id="state", name=say("状态", "State")),
            Column(id="number", name=say("项数", "Number"), kind="count", unit=say("项", "tasks")),
        ),
        rows=tuple(Line(id=state, cells=(text, counts[state])) for state, text in _STATES.items()) if rows else (),
        publish=asked.publish.get("task-states", "no"),
        empty=_EMPTY,
    )


def _dates(asked: Asked, rows: tuple[Row, ...], basis: Text) -> Table:
    return Table(
        id="task-dates",
        title=say("各项任务", "Every task"),
        basis=basis,
        columns=(
            Column(id="task", name=say("任务", "Task")),
            Column(id="state", name=say("状态", "State")),
            Column(id="due", name=say("到期日", "Due"), kind="date"),
            Column(
                id="missed", name=say("错过的节点", "Missed milestones"), kind="count", unit=say("个", "milestones")
            ),
            Column(id="lead", name=say("牵头单位", "Lead")),
            Column(id="cooperating", name=say("配合单位", "Cooperating")),
        ),
        rows=tuple(map(_line, rows)),
        publish=asked.publish.get("task-dates", "no"),
        empty=_EMPTY,
    )


def _line(row: Row) -> Line:
    task, standing = row.task, row.standing
    cells = (
        task.name,
        _STATES[row.state],
        standing.due.isoformat() if standing.due else None,
        len(standing.missed),
        _units(task.lead),
        _units(task.cooperating),
    )
    return Line(id=task.id, cells=cells, clauses=tuple(task.clauses))


def _units(names: list[str]) -> str | None:
    """As the document writes them."""
    return "、".join(names) or None
