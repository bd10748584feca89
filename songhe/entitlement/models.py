"""The tables of the monthly run: what was decided for a county, what it pays and takes back, what is left to settle.

Everybody's decisions lie in files beside the snapshot; here is what carries money and what somebody has to work on.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.registry.models import Person, Transaction
from songhe.registry.models.records import PLACES


class State(models.TextChoices):
    DECIDED = "decided", "已核定"
    HELD = "held", "待说明"
    ANSWERED = "answered", "已说明"
    ACCEPTED = "accepted", "已采用"
    WITHDRAWN = "withdrawn", "已撤销"


# One of these at a time in a county: the next run builds on what was accepted.
OPEN = (State.DECIDED, State.HELD, State.ANSWERED)


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name="老年人"
    )


@scoped("county_id", personal=False)
class Run(models.Model):
    """One county's month decided as known at a transaction (月度核定). Months are numbers such as 202610.

    `known_in` is what was known, `base` the accepted run it builds on, `accounts_from` the first month for which the
    county's money is accounted here, `first` the earliest month decided again. `files` is name → SHA-256 of what
    lies in `folder` (relative to settings.RUNS); `items` what each item came to.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    month = models.PositiveIntegerField("月份")
    package = models.CharField("政策包", max_length=80)
    package_hash = models.CharField("政策包指纹", max_length=64)
    basis = models.CharField("依据指纹", max_length=64)
    known_in = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="+", verbose_name="所知截至")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="上次采用")
    accounts_from = models.PositiveIntegerField("记账起始月")
    first = models.PositiveIntegerField("重核起始月")
    folder = models.CharField("文件夹", max_length=200)
    files = models.JSONField("文件指纹", default=dict)
    people = models.PositiveIntegerField("人数")
    again = models.PositiveIntegerField("重核人数", default=0)
    items = models.JSONField("各项", default=list)
    due_fen = models.BigIntegerField("应发（分）", default=0)
    arrears_fen = models.BigIntegerField("补发（分）", default=0)
    recovery_fen = models.BigIntegerField("追回（分）", default=0)
    line_count = models.PositiveIntegerField("账目数", default=0)
    overlap_count = models.PositiveIntegerField("与他县重叠数", default=0)
    findings = models.JSONField("异动", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DECIDED)
    made_by = user_field("经办人", null=True)
    made_at = moment_field("核定时间")

    class Meta:
        verbose_name = "月度核定"
        verbose_name_plural = "月度核定"
        constraints = (
            models.UniqueConstraint(name="run_one_open", fields=["county"], condition=Q(state__in=OPEN)),
            models.UniqueConstraint(name="run_one_first", fields=["county"], condition=Q(state="accepted", base=None)),
            models.UniqueConstraint(
                name="run_one_follows", fields=["base"], condition=Q(state="accepted", base__isnull=False)
            ),
        )
        indexes = (models.Index(fields=["county", "month"], name="run_county_month"),)


@scoped("run__county_id", personal=False)
class RunStep(models.Model):
    """What became of a run, by whom and with which words (核定过程). Only added to."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="steps", verbose_name="月度核定")
    state = models.CharField("状态", max_length=10, choices=State)
    by = user_field("经手人", null=True)
    note = models.TextField("说明", blank=True)
    at = moment_field("时间")

    class Meta:
        verbose_name = "核定过程"
        verbose_name_plural = "核定过程"


@scoped("county_id", *PLACES)
class Line(models.Model):
    """An amount for a person, item and month, of an accepted run (账目): signed integer fen, never changed.

    The lines of a county for a person, item and month add up to what its last accepted run decided for it. `answer`
    is what that run said of the month; of a recovery it tells a claim that fell from one that is now in doubt.
    `division` is where the file lay on the month's deciding day.
    """

    class Kind(models.TextChoices):
        DUE = "due", "当月应发"
        ARREARS = "arrears", "补发"
        RECOVERY = "recovery", "追回"

    class Answer(models.TextChoices):
        ENTITLED = "entitled", "符合条件"
        NOT_APPLIED = "not_applied", "符合条件，尚未申请"
        NOT_GRANTED = "not_granted", "符合条件，申请未获同意"
        NOT_ENTITLED = "not_entitled", "不符合条件"
        UNDETERMINED = "undetermined", "不能断定"
        ELSEWHERE = "elsewhere", "档案不在本地"
        NO_ITEM = "no_item", "政策包无此项"

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, db_constraint=False, related_name="lines", verbose_name="月度核定"
    )
    county = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="发放区划",
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="老年人"
    )
    item = models.CharField("项目", max_length=40)
    month = models.PositiveIntegerField("月份")
    fen = models.BigIntegerField("金额（分）")
    kind = models.CharField("类别", max_length=8, choices=Kind)
    answer = models.CharField("结论", max_length=12, choices=Answer)
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="档案所在区划",
    )

    class Meta:
        verbose_name = "账目"
        verbose_name_plural = "账目"
        indexes = (
            models.Index(fields=["person", "month"], name="line_person_month"),
            models.Index(fields=["month", "county"], name="line_month_county"),
        )
        constraints = (
            models.UniqueConstraint(name="line_once_a_run", fields=["run", "person", "item", "month"]),
            models.CheckConstraint(name="line_carries_money", condition=~Q(fen=0)),
        )


@scoped("run__county_id", *PLACES)
class Plan(models.Model):
    """How what a run takes back from a person is settled (追回方案); the latest plan holds, none is changed."""

    class Mode(models.TextChoices):
        AT_ONCE = "at_once", "一次退回"
        INSTALMENTS = "instalments", "分期退回"
        WAIVED = "waived", "免予追回"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="plans", verbose_name="月度核定")
    person = _person()
    mode = models.CharField("方式", max_length=12, choices=Mode)
    fen = models.BigIntegerField("追回金额（分）")
    number = models.PositiveSmallIntegerField("期数", default=1)
    reason = models.TextField("理由")
    by = user_field("批准人", null=True)
    at = moment_field("时间")

    class Meta:
        verbose_name = "追回方案"
        verbose_name_plural = "追回方案"
        constraints = (models.CheckConstraint(name="plan_takes_back", condition=Q(fen__gt=0)),)


@scoped(*PLACES)
class MissingFact(models.Model):
    """A fact on which answers about a person hang (待补事实), as the county's latest run found it.

    `items` hang on it, `settles` of them on nothing else; `fen` is a month's money at stake.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name="核定")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="老年人"
    )
    fact = models.CharField("事实", max_length=40)
    items = models.PositiveSmallIntegerField("涉及项目数")
    settles = models.PositiveSmallIntegerField("可定项目数")
    fen = models.BigIntegerField("每月涉及金额（分）")

    class Meta:
        verbose_name = "待补事实"
        verbose_name_plural = "待补事实"
        constraints = (models.UniqueConstraint(name="missing_once", fields=["run", "person", "fact"]),)
        indexes = (models.Index(fields=["person"], name="missing_person"),)


@scoped(*PLACES)
class Found(models.Model):
    """Somebody whose answer turned from one run to the next (主动发现): newly entitled, or no longer.

    `delivery` is how the package wants the item to reach people: offered without a form (免申即享), by invitation, or
    on application. `since` is the first month of the new answer.
    """

    class Kind(models.TextChoices):
        NEW = "new", "新符合"
        LOST = "lost", "不再符合"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name="核定")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="老年人"
    )
    item = models.CharField("项目", max_length=40)
    kind = models.CharField("类别", max_length=4, choices=Kind)
    delivery = models.CharField("送达方式", max_length=6)
    since = models.PositiveIntegerField("自何月")
    fen = models.BigIntegerField("每月金额（分）", default=0)

    class Meta:
        verbose_name = "主动发现"
        verbose_name_plural = "主动发现"
        constraints = (models.UniqueConstraint(name="found_once", fields=["run", "person", "item"]),)
        indexes = (models.Index(fields=["person"], name="found_person"),)


@scoped("county_id", personal=False)
class Job(models.Model):
    """A run or a simulation that somebody asked for, worked on in the background (核定任务).

    `runner` is the process at work, `heartbeat` when it was last heard of. A run leaves `run`; a simulation, in which
    there are figures only, leaves `result` for a day; its `package` is the one in force, `other` the one tried out, and
    `asking` says whom both are thought to pay, as in `simulate`. A simulation's `county` may be a
    city: `part` of its `parts` counties are then done.
    """

    class Kind(models.TextChoices):
        RUN = "run", "月度核定"
        SIMULATION = "simulation", "政策模拟"

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未成功"

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    month = models.PositiveIntegerField("月份")
    package = models.CharField("政策包", max_length=80)
    accounts_from = models.PositiveIntegerField("记账起始月", null=True)
    other = models.CharField("拟议政策包", max_length=80, blank=True)
    months = models.PositiveSmallIntegerField("模拟月数", default=1)
    asking = models.CharField("申请假设", max_length=9, default="everybody")
    by = user_field("经办人")
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    step = models.CharField("步骤", max_length=12, blank=True)
    part = models.PositiveSmallIntegerField("已完成县区数", default=0)
    parts = models.PositiveSmallIntegerField("县区数", default=1)
    runner = models.CharField("执行进程", max_length=120, blank=True)
    heartbeat = models.DateTimeField("最近动静", null=True)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    problem_zh = models.TextField("未成功的原因", blank=True)
    problem_en = models.TextField("未成功的原因（英文）", blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="月度核定")
    result = models.JSONField("结果", null=True)

    class Meta:
        verbose_name = "核定任务"
        verbose_name_plural = "核定任务"
        constraints = (
            models.UniqueConstraint(
                name="job_one_run", fields=["county"], condition=Q(kind="run", state__in=("waiting", "running"))
            ),
        )
