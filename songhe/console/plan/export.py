"""The board as a file: what the page shows, for a spreadsheet program."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.common.text import Text, say
from songhe.console.files import FILE_TYPES, file_answer
from songhe.console.page import page_of, staff
from songhe.console.plan.board import read, shown_board
from songhe.console.plan.words import DUTIES, REPORT_STATES, STATES
from songhe.decision.task import UNKNOWN_DAY
from songhe.plan.queries import Row

_COLUMNS = (
    say("编号", "Id"),
    say("年度", "Year"),
    say("序号", "Row"),
    say("任务", "Task"),
    say("区划", "Place"),
    say("分工", "Part"),
    say("状态", "State"),
    say("期限（文件写法）", "Deadline as written"),
    say("到期日", "Due"),
    say("完成日期", "Done on"),
    say("迟延天数", "Days late"),
    say("未按期的里程碑", "Milestones missed"),
    say("牵头单位", "Leads"),
    say("配合单位", "Cooperating"),
    say("最近填报", "Last report"),
    say("填报状态", "State of the report"),
    say("条款", "Clauses"),
    say("原文中断", "The text breaks off"),
)


@staff(Action.PLAN_READ)
def board_file(request: HttpRequest, extension: str) -> HttpResponse:
    if extension not in FILE_TYPES:
        raise Http404
    _, wanted = read(request)
    found, language = shown_board(request, wanted), page_of(request).language
    rows = [_cells(row, language) for row in (found.rows if found else ()) if wanted.fits(row)]
    header = [column.in_language(language) for column in _COLUMNS]
    return file_answer(f"tasks-{wanted.day}", extension, header, rows)


def _cells(row: Row, language: str) -> list[object]:
    task, standing = row.task, row.standing
    comma = "、" if language == "zh" else ", "

    def said(text: Text | None) -> str:
        return text.in_language(language) if text else ""

    done = standing.done_on
    missed = (f"{said(step.milestone.text)} {step.due}" for step in standing.missed)
    return [
        task.id,
        task.year,
        task.row,
        said(task.name),
        row.node.name,
        said(DUTIES[row.duty]),
        said(STATES[row.state]),
        task.deadline.text,
        standing.due,
        None if done == UNKNOWN_DAY else done,
        standing.late,
        comma.join(missed),
        comma.join(task.lead),
        comma.join(task.cooperating),
        row.last.told_for if row.last else None,
        said(REPORT_STATES[row.last_state]) if row.last else "",
        comma.join(task.clauses),
        said(task.breaks_off),
    ]
