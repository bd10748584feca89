"""Figures of indicators (指标数据): counted from the platform's records, or entered with evidence; and definitions.

Rows are only added. What one person stated counts for nothing until another has confirmed it; of what was confirmed for
a day the latest counts. Numbers are texts, so that no database rounds them: `Fraction` reads each of them exactly.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.registry.models import Transaction


def _division(**more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划", **more)


def _number(label: str, *, null: bool) -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=40, null=null)


@scoped("division_id", personal=False)
class Computation(models.Model):
    """Every computable indicator of a package counted for a division and all below it on a day (指标核算).

    `tree` is the mark of the divisions, `known_in` the last transaction that was known, `number` counts those of the
    division and day, of which the last counts, and `content` is a hash over what was found; `folder` (relative to
    settings.RUNS) holds who was counted, `files` is name → SHA-256.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    package = models.CharField("政策包", max_length=80)
    package_hash = models.CharField("政策包指纹", max_length=64)
    division = _division()
    day = models.DateField("日期")
    tree = models.CharField("区划版本标记", max_length=32)
    known_in = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="所知截至"
    )
    known_at = models.DateTimeField("所知截至时间")
    number = models.PositiveIntegerField("次数")
    content = models.CharField("数据指纹", max_length=64)
    folder = models.CharField("文件夹", max_length=200, blank=True)
    files = models.JSONField("文件指纹", default=dict)
    people = models.PositiveIntegerField("人数", default=0)
    indicators = models.PositiveSmallIntegerField("指标数", default=0)
    divisions = models.PositiveIntegerField("区划数", default=0)
    made_by = user_field("核算人", null=True)
    made_at = moment_field("核算时间")

    class Meta:
        verbose_name = "指标核算"
        verbose_name_plural = "指标核算"
        indexes = (models.Index(fields=["division", "package", "day"], name="computation_of"),)
        constraints = (
            models.UniqueConstraint(name="computation_once", fields=["division", "package", "day", "number"]),
        )


@scoped("division_id", personal=False)
class Tally(models.Model):
    """What a computation found in one division, all below it included, as the tree was then (核算结果).

    `figures` is indicator → [numerator, denominator, numerator when every unknown counts, denominator likewise]; whole
    numbers, texts of other numbers, or null. What lies right in the division is this less what lies in those below.
    """

    computation = models.ForeignKey(
        Computation, on_delete=models.PROTECT, related_name="tallies", verbose_name="指标核算"
    )
    package = models.CharField("政策包", max_length=80)
    division = _division(db_index=False)
    day = models.DateField("日期")
    figures = models.JSONField("数据", default=dict)

    class Meta:
        verbose_name = "核算结果"
        verbose_name_plural = "核算结果"
        indexes = (models.Index(fields=["division", "day"], name="tally_division_day"),)
        constraints = (models.UniqueConstraint(name="tally_once", fields=["computation", "division"]),)


class Stated(models.Model):
    """What one person stated and another settles: confirmed, or returned with a reason; settled once for good."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "已复核"
        RETURNED = "returned", "已退回"

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    package = models.CharField("政策包", max_length=80)
    indicator = models.CharField("指标", max_length=40)
    division = _division(db_index=False)
    document = models.CharField("依据", max_length=200)
    stated_by = user_field("填报人")
    stated_at = moment_field("填报时间")
    outcome = models.CharField("复核结果", max_length=9, choices=Outcome, blank=True, default="")
    settled_by = user_field("复核人", null=True)
    settled_at = models.DateTimeField("复核时间", null=True)
    reason = models.CharField("退回理由", max_length=300, blank=True, default="")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_settled_by_another",
                condition=Q(outcome="", settled_by=None, settled_at=None)
                | (
                    Q(outcome__in=("confirmed", "returned"), settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(settled_by=F("stated_by"))
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_returned_with_a_reason",
                condition=(Q(outcome="returned") & ~Q(reason="")) | (~Q(outcome="returned") & Q(reason="")),
            ),
            models.CheckConstraint(name="%(class)s_documented", condition=~Q(document="")),
        )

    @property
    def counts(self) -> bool:
        return self.outcome == self.Outcome.CONFIRMED


@scoped("division_id", personal=False)
class Figure(Stated):
    """A figure that somebody entered with its evidence (填报数据); what the records count themselves may stay out."""

    day = models.DateField("截至日期")
    numerator = _number("分子", null=True)
    denominator = _number("分母", null=True)
    note = models.TextField("说明", blank=True)

    class Meta(Stated.Meta):
        abstract = False
        verbose_name = "填报数据"
        verbose_name_plural = "填报数据"
        constraints = (
            *Stated.Meta.constraints,
            models.CheckConstraint(
                name="figure_says_something", condition=Q(numerator__isnull=False) | Q(denominator__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=["division", "package", "indicator", "day"], name="figure_of"),
            # How many count is asked whenever a cockpit opens.
            models.Index(fields=["outcome"], name="figure_counts", condition=Q(outcome="confirmed")),
        )


@scoped("figure__division_id", personal=False)
class Evidence(models.Model):
    """A file that stands behind a figure (佐证材料), sealed in the uploads under its public id."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="evidence", verbose_name="填报数据")
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("指纹", max_length=64)
    added_by = user_field("上传人")
    added_at = moment_field("上传时间")

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"


@scoped("division_id", personal=False)
class Definition(Stated):
    """What an indicator counts where its document leaves it open (口径界定), from a day on, in a division and below.

    `parts` is numerator, denominator, unit … → what is laid down.
    """

    parts = models.JSONField("界定内容", default=dict)
    valid_from = models.DateField("起")

    class Meta(Stated.Meta):
        abstract = False
        verbose_name = "口径界定"
        verbose_name_plural = "口径界定"
        indexes = (models.Index(fields=["division", "package", "indicator"], name="definition_of"),)


@scoped("division_id", personal=False)
class Order(models.Model):
    """A computation that somebody asked for, worked on in the background (核算任务): some months, oldest first."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未成功"

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    package = models.CharField("政策包", max_length=80)
    division = _division()
    last = models.DateField("最后一日")
    months = models.PositiveSmallIntegerField("月数", default=1)
    by = user_field("核算人")
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveSmallIntegerField("已完成月数", default=0)
    runner = models.CharField("执行进程", max_length=120, blank=True)
    heartbeat = models.DateTimeField("最近动静", null=True)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    problem_zh = models.TextField("未成功的原因", blank=True)
    problem_en = models.TextField("未成功的原因（英文）", blank=True)

    class Meta:
        verbose_name = "核算任务"
        verbose_name_plural = "核算任务"
        constraints = (
            models.UniqueConstraint(
                name="order_one_at_a_time", fields=["division"], condition=Q(state__in=("waiting", "running"))
            ),
        )
