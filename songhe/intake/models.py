"""Files that departments sent (导入): where each one stands, what was set aside, and what it wrote."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from songhe.accounts.fields import user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.registry.models import Transaction


class State(models.TextChoices):
    """Where an import stands."""

    RECEIVED = "received", "已接收"
    CHECKED = "checked", "已试导入"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"


@scoped("division_id")
class Import(models.Model):
    """One file (导入批次). The file itself lies sealed in a folder until it is withdrawn; here is nothing personal.

    Rows are counted without the header and blank ones. `report` is what `songhe.intake.report` reads.
    """

    State = State

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField("来源", max_length=30)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    user = user_field("上传人", null=True)
    received_at = models.DateTimeField("接收时间", auto_now_add=True)
    file_name = models.CharField("文件名", max_length=200)
    format = models.CharField("格式", max_length=10)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    is_kept = models.BooleanField("文件仍保存", default=True)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    announced_rows = models.BigIntegerField("申报行数", null=True)
    codes_on = models.DateField("区划代码日期", null=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.RECEIVED)
    rows = models.BigIntegerField("行数", null=True)
    rows_done = models.BigIntegerField("已处理行数", default=0)
    report = models.JSONField("报告", default=dict)
    run_by = user_field("导入人", null=True)
    runner = models.UUIDField("处理者", null=True)
    heartbeat = models.DateTimeField("最近心跳", null=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes = (models.Index(fields=["division", "-id"], name="intake_import_division"),)

    def __str__(self) -> str:
        return f"{self.source} {self.public_id}"


@scoped("upload__division_id")
class Block(models.Model):
    """Rows that were written together (分块), in one transaction with this line; a run goes on after it."""

    upload = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="blocks", verbose_name="导入")
    first_row = models.BigIntegerField("首行")
    last_row = models.BigIntegerField("末行")
    # None when all of it was known already.
    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记"
    )

    class Meta:
        verbose_name = "导入分块"
        verbose_name_plural = "导入分块"
        constraints = (models.UniqueConstraint(name="intake_block_once", fields=["upload", "first_row"]),)


@scoped("upload__division_id")
class SetAside(models.Model):
    """A row that was not taken (未导入的行): its line in the file, and [column, zh, en] of everything wrong with it."""

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="set_aside", verbose_name="导入")
    line = models.BigIntegerField("行号")
    problems: models.JSONField[Any, Any] = models.JSONField("问题", default=list)

    class Meta:
        verbose_name = "未导入的行"
        verbose_name_plural = "未导入的行"
        constraints = (models.UniqueConstraint(name="intake_set_aside_once", fields=["upload", "line"]),)
