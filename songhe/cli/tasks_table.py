"""The tasks of a document on a day, as a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from songhe.cli.console import out
from songhe.decision.task import CONTINUING, DONE, OPEN, OVERDUE, Standing
from songhe.policy.package import Package

STATE_NAMES = {OVERDUE: "逾期 overdue", OPEN: "未完成 open", CONTINUING: "持续实施 continuing", DONE: "完成 done"}


def print_table(package: Package, standings: Sequence[Standing]) -> None:
    """Every task with its state, dates and units; what is cut off and what was missed is marked."""
    table = Table(title=f"{package.document.title.zh}", show_lines=False)
    for column in (
        "编号 id",
        "任务 task",
        "状态 state",
        "期限 deadline",
        "未按期 missed",
        "牵头 lead",
        "配合 cooperating",
    ):
        table.add_column(column, overflow="fold")
    for standing in standings:
        table.add_row(*_cells(standing))
    out.print(table)
    counted = Counter(standing.state for standing in standings)
    out.print("，".join(f"{name} {counted[state]}" for state, name in STATE_NAMES.items()), markup=False)


def _cells(standing: Standing) -> list[str]:
    task = standing.task
    name = task.name.zh + ("（原文中断 breaks off）" if task.breaks_off else "")
    deadline = task.deadline.text or "文件未写 not written"
    if standing.due is not None:
        deadline += f"（{standing.due}）"
    missed = "；".join(f"{step.milestone.text.zh}（{step.due}）" for step in standing.missed)
    return [
        task.id,
        name,
        STATE_NAMES[standing.state],
        deadline,
        missed,
        "、".join(task.lead),
        "、".join(task.cooperating),
    ]
