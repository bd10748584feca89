"""Reporting on a task: progress of who leads, contributions of who cooperates, and the files that show it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require, visible
from songhe.common import clock
from songhe.divisions.queries import tree_on
from songhe.entitlement.models import Run
from songhe.plan import evidence as store
from songhe.plan.errors import PlanError
from songhe.plan.models import Act, Evidence, Report
from songhe.plan.packages import city_of
from songhe.plan.rules import voices
from songhe.plan.undertakings import at
from songhe.policy.package import Package
from songhe.policy.schema import Task

INDICATOR, RUN = "indicator", "run"
# A whole number, a decimal or a fraction: kept as typed, never rounded.
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9}|/[1-9]\d{0,14})?")
_FIGURES, _LINKS = 20, 20


def report(
    *,
    by: User,
    package: Package,
    task_id: str,
    division_id: int,
    unit: str,
    text: str,
    told_for: dt.date | None = None,
    percent: int | None = None,
    milestone: int | None = None,
    done_on: dt.date | None = None,
    figures: Sequence[Mapping[str, str]] = (),
    links: Sequence[Mapping[str, str]] = (),
) -> Report:
    """What a unit says of a row at a place, as of `told_for` (today without one).

    `done_on` claims that the row, or its `milestone` (from 1), was done that day; it counts once it is confirmed.
    Raises OutOfScope when the user does not speak for the unit there, PlanError for what contradicts itself.
    """
    task = _task(package, task_id)
    kind = _kind(by, package, task, division_id, unit)
    told_for = told_for or clock.today()
    _check_days(told_for, done_on)
    _check_claim(task, kind, percent, milestone, done_on)
    if not text.strip():
        raise PlanError("请填写进展情况。", "Say how it stands.")
    with transaction.atomic():
        made = Report.objects.create(
            package=package.id,
            task=task.id,
            division_id=division_id,
            unit=unit,
            kind=kind,
            told_for=told_for,
            text=text.strip(),
            percent=percent,
            milestone=milestone,
            done_on=done_on,
            figures=_figures(figures),
            links=_links(by, package, links),
            reported_by=by,
        )
        tell(by, "plan.reported", made, {"unit": unit, "done_on": done_on.isoformat() if done_on else None})
    return made


def attach(*, by: User, report: Report, file_name: str, content: IO[bytes]) -> Evidence:
    """A file that shows what the report says; by who made it, as long as nobody settled it. Raises PlanError."""
    require(by, Action.PLAN_REPORT, report)
    if report.reported_by_id != by.pk:
        raise OutOfScope("只有填报人可以补充佐证材料： Only who made the report adds files to it.")
    name = PurePath(file_name.replace("\\", "/")).name[:200]
    if not name:
        raise PlanError("文件没有名称。", "The file has no name.")
    made = Evidence(report=report, file_name=name)
    store.keep(made, content)
    try:
        with transaction.atomic():
            Report.objects.select_for_update().get(pk=report.pk)
            if Act.objects.filter(report=report, kind__in=(Act.Kind.CONFIRM, Act.Kind.RETURN)).exists():
                raise PlanError("此进展已办结，请另行填报。", "The report was settled; make another one.")
            made.save(force_insert=True)
            tell(by, "plan.evidence_added", report, {"file": name, "bytes": made.size})
    except BaseException:
        store.forget(made)
        raise
    return made


def tell(by: User, action: str, report: Report, details: Mapping[str, Any]) -> None:
    """The line of the trail about a report: the last thing to do in a transaction."""
    append(
        user=by,
        action=action,
        subject_kind="task",
        subject_id=f"{report.package} {report.task}"[:60],
        division=report.division_id,
        details={"report": str(report.public_id), **details},
    )


def _task(package: Package, task_id: str) -> Task:
    if task_id not in package.tasks:
        raise PlanError(f"{package.id}没有任务{task_id}。", f"{package.id} has no task {task_id}.")
    return package.tasks[task_id]


def _kind(by: User, package: Package, task: Task, division_id: int, unit: str) -> str:
    tree = tree_on()
    city, node = city_of(package, tree), tree.get(division_id)
    row = at(package, task, node, city, tree) if city and node and tree.holds(city.id, division_id) else None
    if row is None or city is None:
        raise PlanError("此任务不涉及这个区划。", "The task asks for nothing at this place.")
    for voice in voices(by, row, city):
        if voice.unit == unit:
            return voice.kind
    raise OutOfScope("您不能代表这个单位填报此任务： You do not speak for this unit of this task.")


def _check_days(told_for: dt.date, done_on: dt.date | None) -> None:
    if told_for > clock.today():
        raise PlanError("情况截至日期不能在将来。", "A report is not about a day to come.")
    if done_on is not None and done_on > told_for:
        raise PlanError("完成日期不能晚于情况截至日期。", "It was done by the day the report is about, not after it.")


def _check_claim(task: Task, kind: str, percent: int | None, milestone: int | None, done_on: dt.date | None) -> None:
    if kind == Report.Kind.CONTRIBUTION and (percent is not None or milestone is not None or done_on is not None):
        raise PlanError(
            "配合单位只填报配合情况，完成与否由牵头单位填报。",
            "Who cooperates tells what it contributed; whether the task is done, who leads says.",
        )
    if percent is not None and not 0 <= percent <= 100:
        raise PlanError("百分比须在0至100之间。", "The percentage lies between 0 and 100.")
    if milestone is not None and not 1 <= milestone <= len(task.milestones):
        raise PlanError("没有这个里程碑。", "There is no such milestone.")
    if milestone is not None and done_on is None:
        raise PlanError("请填写里程碑的完成日期。", "Say on which day the milestone was done.")


def _figures(given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if len(given) > _FIGURES:
        raise PlanError(f"数据最多{_FIGURES}项。", f"At most {_FIGURES} figures.")
    found = []
    for figure in given:
        name, value, unit = (str(figure.get(key, "")).strip() for key in ("name", "value", "unit"))
        if not name or not _NUMBER.fullmatch(value):
            raise PlanError(
                f"数据“{name or value}”有误：请写名称和数字，如 20、961、13001/30000。",
                f"The figure {name or value!r} is not right: give a name and a number such as 20 or 13001/30000.",
            )
        found.append({"name": name[:60], "value": value, "unit": unit[:20]})
    return found


def _links(by: User, package: Package, given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if len(given) > _LINKS:
        raise PlanError(f"关联记录最多{_LINKS}项。", f"At most {_LINKS} links.")
    found = []
    for link in given:
        kind, id = str(link.get("kind", "")), str(link.get("id", "")).strip()
        is_there = {INDICATOR: lambda id=id: id in package.indicators, RUN: lambda id=id: _sees_run(by, id)}.get(kind)
        if is_there is None or not is_there():
            raise PlanError(f"没有这条关联记录：{id}。", f"There is no such record to link to: {id}.")
        found.append({"kind": kind, "id": id})
    return found


def _sees_run(by: User, id: str) -> bool:
    try:
        return visible(Run.objects.filter(public_id=UUID(id)), by, Action.RUN_READ).exists()
    except ValueError:
        return False
