"""What units say of their tasks (任务进展): seats, reports with evidence, what became of each, reminders.

The tasks themselves are a package's; nothing of them is stored. Every table is only added to, and what was done on a
day is told by the rows recorded up to it. Who confirms or returns a report is not who made it; the database says so.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


def _division(label: str) -> models.ForeignKey:
    return models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=label)


@scoped("division_id", personal=False)
class Seat(models.Model):
    """Somebody speaks for a unit that a document names (单位席位), at a place, from a day to a day, both included.

    `city` is the place whose document names the unit; `division` where the user speaks for it, the city itself or,
    for a collective name, one of its counties or towns.
    """

    user = user_field("用户")
    unit = models.CharField("单位", max_length=60)
    city = _division("文件所属区划")
    division = _division("所在区划")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)
    given_by = user_field("指定人")
    given_at = moment_field("指定时间")

    class Meta:
        verbose_name = "单位席位"
        verbose_name_plural = "单位席位"
        constraints = (
            models.CheckConstraint(
                name="plan_seat_dates", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="plan_seat_named", condition=~Q(unit="")),
        )
        indexes = (models.Index(fields=["user"], name="plan_seat_user"),)


@scoped("seat__division_id", personal=False)
class SeatEnd(models.Model):
    """The last day of a seat that was given for longer (席位终止)."""

    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="end", verbose_name="单位席位")
    last_day = models.DateField("最后一天")
    reason = models.CharField("事由", max_length=300)
    user = user_field("终止人")
    at = moment_field("终止时间")

    class Meta:
        verbose_name = "席位终止"
        verbose_name_plural = "席位终止"
        constraints = (models.CheckConstraint(name="plan_seat_end_says_why", condition=~Q(reason="")),)


@scoped("division_id", personal=False)
class Report(models.Model):
    """What a unit says of a task at a place (进展填报); never edited, a correction is another report.

    `done_on` claims that the task, or its milestone of that number, was done on that day; it counts once the level
    above has confirmed it. A contribution (配合情况) comes from whoever does not lead and claims nothing.
    """

    class Kind(models.TextChoices):
        REPORT = "report", "进展"
        CONTRIBUTION = "contribution", "配合情况"

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    package = models.CharField("政策包", max_length=60)
    task = models.CharField("任务", max_length=40)
    division = _division("所在区划")
    unit = models.CharField("单位", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    told_for = models.DateField("情况截至")
    text = models.TextField("进展", max_length=2000)
    percent = models.PositiveSmallIntegerField("完成百分比", null=True)
    milestone = models.PositiveSmallIntegerField("里程碑", null=True)
    done_on = models.DateField("完成日期", null=True)
    # [{"name", "value", "unit"}]: values as texts of numbers, exact as they were typed.
    figures = models.JSONField("数据", default=list)
    # [{"kind": "indicator" | "run" | "page", "id"}]: records that show it.
    links = models.JSONField("关联记录", default=list)
    reported_by = user_field("填报人")
    reported_at = moment_field("填报时间")

    class Meta:
        verbose_name = "任务进展"
        verbose_name_plural = "任务进展"
        constraints = (
            models.CheckConstraint(
                name="plan_report_says_something", condition=~Q(text="") & ~Q(task="") & ~Q(package="")
            ),
            models.CheckConstraint(name="plan_report_percent", condition=Q(percent=None) | Q(percent__lte=100)),
            models.CheckConstraint(
                name="plan_report_done_by_then", condition=Q(done_on=None) | Q(done_on__lte=F("told_for"))
            ),
            models.CheckConstraint(
                name="plan_contribution_claims_nothing",
                condition=Q(kind="report") | Q(kind="contribution", done_on=None, milestone=None, percent=None),
            ),
        )
        indexes = (models.Index(fields=["package", "task", "division"], name="plan_report_row"),)


@scoped("report__division_id", personal=False)
class Evidence(models.Model):
    """A file that shows what a report says (佐证材料); its content lies sealed beside the uploads."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence", verbose_name="任务进展")
    file_name = models.CharField("文件名", max_length=200)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        constraints = (
            models.CheckConstraint(
                name="plan_evidence_is_a_file", condition=Q(size__gt=0) & ~Q(file_name="") & ~Q(sha256="")
            ),
        )


@scoped("report__division_id", personal=False)
class Act(models.Model):
    """What became of a report (办理): handed up, confirmed, returned, or its confirmation undone; each at most once.

    `reporter` is who made the report, kept here so that the row itself shows two people.
    """

    class Kind(models.TextChoices):
        HAND_UP = "hand_up", "上报"
        CONFIRM = "confirm", "确认"
        RETURN = "return", "退回"
        UNDO = "undo", "撤销确认"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="acts", verbose_name="任务进展")
    kind = models.CharField("步骤", max_length=10, choices=Kind)
    division = _division("办理区划")
    reason = models.CharField("说明", max_length=300, blank=True)
    reporter = user_field("填报人")
    user = user_field("办理人")
    at = moment_field("办理时间")

    class Meta:
        verbose_name = "进展办理"
        verbose_name_plural = "进展办理"
        constraints = (
            models.UniqueConstraint(name="plan_act_once", fields=["report", "kind"]),
            models.UniqueConstraint(
                name="plan_confirmed_or_returned", fields=["report"], condition=Q(kind__in=("confirm", "return"))
            ),
            models.CheckConstraint(name="plan_act_by_another", condition=Q(kind="hand_up") | ~Q(user=F("reporter"))),
            models.CheckConstraint(
                name="plan_act_says_why", condition=Q(kind__in=("hand_up", "confirm")) | ~Q(reason="")
            ),
        )


@scoped("division_id", personal=False)
class Reminder(models.Model):
    """Somebody is told that a day is near or past (催办提醒): once for each day of the plan of reminders.

    `offset` is negative before the day that is due. It is shown until the row, or the milestone, is done.
    """

    package = models.CharField("政策包", max_length=60)
    task = models.CharField("任务", max_length=40)
    division = _division("所在区划")
    milestone = models.PositiveSmallIntegerField("里程碑", default=0)
    due = models.DateField("到期日")
    offset = models.SmallIntegerField("提前或逾期天数")
    made_at = moment_field("生成时间")

    class Meta:
        verbose_name = "任务提醒"
        verbose_name_plural = "任务提醒"
        constraints = (
            models.UniqueConstraint(
                name="plan_reminder_once", fields=["package", "task", "division", "milestone", "due", "offset"]
            ),
        )
