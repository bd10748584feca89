"""What was done of the daily upkeep (日常维护), and how it went."""

from __future__ import annotations

from django.db import models

from songhe.accounts.scope import unscoped


@unscoped("when the machine looked after itself, and nobody's data")
class Work(models.Model):
    """One job on one day; who begins it writes the row first, so that nobody else does."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"

    job = models.CharField("任务", max_length=40)
    day = models.DateField("日期")
    state = models.CharField("状态", max_length=10, choices=State)
    began_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "维护记录"
        verbose_name_plural = "维护记录"
        constraints = (models.UniqueConstraint(name="upkeep_once_a_day", fields=["job", "day"]),)
