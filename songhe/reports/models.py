"""Reports, frozen as they were made, and what is published of them (统计报告、发布).

A report is never changed: made anew it stands as another version beside the old. What one person proposes to publish
another approves; what was published and withdrawn stays listed as such.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.reports.period import Period


class PeriodKind(models.TextChoices):
    MONTH = "month", "月报"
    YEAR = "year", "年报"


@scoped("division_id", personal=False)
class Report(models.Model):
    """A division's month or year as known at a moment (统计报告): a content.Content and its SHA-256."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    kind = models.CharField("类别", max_length=5, choices=PeriodKind)
    number = models.PositiveIntegerField("期间")
    version = models.PositiveIntegerField("版次")
    known_at = models.DateTimeField("所知截至")
    package = models.CharField("政策包", max_length=80, blank=True)
    package_hash = models.CharField("政策包指纹", max_length=64, blank=True)
    content = models.JSONField("内容")
    hash = models.CharField("内容指纹", max_length=64)
    made_by = user_field("编制人")
    made_at = moment_field("编制时间")

    class Meta:
        verbose_name = "统计报告"
        verbose_name_plural = "统计报告"
        constraints = (
            models.UniqueConstraint(name="report_version_once", fields=["division", "kind", "number", "version"]),
            models.CheckConstraint(name="report_hashed", condition=~Q(hash="")),
        )

    @property
    def period(self) -> Period:
        return Period(self.kind, self.number)


@scoped("division_id", personal=False)
class Order(models.Model):
    """Something asked for that is done in the background (编制任务): a report, or the proposal to publish `report`."""

    class Work(models.TextChoices):
        MAKE = "make", "编制"
        PROPOSE = "propose", "提请发布"

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "编制中"
        DONE = "done", "已完成"
        FAILED = "failed", "未成功"

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    kind = models.CharField("类别", max_length=5, choices=PeriodKind)
    number = models.PositiveIntegerField("期间")
    work = models.CharField("事项", max_length=7, choices=Work, default=Work.MAKE)
    by = user_field("编制人")
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    runner = models.CharField("执行进程", max_length=120, blank=True)
    heartbeat = models.DateTimeField("最近动静", null=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="统计报告")
    problem_zh = models.TextField("未成功的原因", blank=True)
    problem_en = models.TextField("未成功的原因（英文）", blank=True)

    class Meta:
        verbose_name = "编制任务"
        verbose_name_plural = "编制任务"
        constraints = (
            models.CheckConstraint(
                name="report_order_of_a_report", condition=~Q(work="propose") | Q(report__isnull=False)
            ),
            models.UniqueConstraint(
                name="report_order_one",
                fields=["division", "kind", "number"],
                condition=Q(state__in=("waiting", "running")),
            ),
        )

    @property
    def period(self) -> Period:
        return Period(self.kind, self.number)


@scoped("report__division_id", personal=False)
class Publication(models.Model):
    """What of a report is for everybody (发布), with what is withheld: proposed by one, approved by another.

    `content` is a publishing.Release; `withheld` names the cells that are withheld, and those that stand behind shares.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="publications", verbose_name="统计报告")
    content = models.JSONField("内容")
    hash = models.CharField("内容指纹", max_length=64)
    withheld = models.JSONField("抑制")
    limits = models.JSONField("抑制规则")
    proposed_by = user_field("提请人")
    proposed_at = moment_field("提请时间")
    approved_by = user_field("批准人", null=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    ended_by = user_field("撤回人", null=True)
    ended_at = models.DateTimeField("撤回时间", null=True)
    reason = models.CharField("撤回事由", max_length=300, blank=True)

    class Meta:
        verbose_name = "发布"
        verbose_name_plural = "发布"
        constraints = (
            models.CheckConstraint(
                name="publication_by_another",
                condition=Q(approved_by=None, approved_at=None)
                | (~Q(approved_by=F("proposed_by")) & Q(approved_by__isnull=False, approved_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="publication_ended_with_a_reason",
                condition=Q(ended_by=None, ended_at=None)
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                name="publication_one_open", fields=["report"], condition=Q(approved_by=None, ended_by=None)
            ),
        )

    @property
    def is_public(self) -> bool:
        return self.approved_by_id is not None and self.ended_by_id is None
