"""Residential estates (住宅小区), those that share a facility, what is known of them, and ways to make up what lacks.

What somebody states as made up counts for nothing until another has confirmed it; the database refuses the same.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


@scoped("division_id", personal=False)
class Estate(models.Model):
    """A residential estate of a community or village; it counts from the day it was planned or built."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=100)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="所在区划")
    address = models.CharField("地址", max_length=200, blank=True)
    began_on = models.DateField("起算日期")
    closed_on = models.DateField("注销日期", null=True)
    closed_at = models.DateTimeField("注销登记时间", null=True)
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")

    class Meta:
        verbose_name = "住宅小区"
        verbose_name_plural = "住宅小区"
        constraints = (
            models.CheckConstraint(name="estate_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="estate_dates",
                condition=Q(closed_on=None, closed_at=None)
                | (Q(closed_at__isnull=False) & Q(closed_on__gte=F("began_on"))),
            ),
        )
        indexes = (models.Index(fields=["name", "id"], name="estate_by_name"),)

    def __str__(self) -> str:
        return self.name


@scoped("estate__division_id", personal=False)
class Change(models.Model):
    """An estate was renamed or closed (变更): only ever added."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名"
        CLOSED = "closed", "注销"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="changes", verbose_name="小区")
    kind = models.CharField("变更", max_length=10, choices=Kind.choices)
    on = models.DateField("日期")
    before = models.CharField("原名称", max_length=100)
    document = models.CharField("依据", max_length=200)
    user = user_field("登记人")
    at = moment_field("登记时间")

    class Meta:
        verbose_name = "小区变更"
        verbose_name_plural = "小区变更"
        constraints = (models.CheckConstraint(name="estate_change_documented", condition=~Q(document="")),)


@scoped("division_id", personal=False)
class Pool(models.Model):
    """Estates that share one facility (统筹配置); who belongs to it is dated."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=100)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="所在区划")
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")

    class Meta:
        verbose_name = "统筹配置"
        verbose_name_plural = "统筹配置"
        constraints = (models.CheckConstraint(name="pool_named", condition=~Q(name="")),)

    def __str__(self) -> str:
        return self.name


@scoped("pool__division_id", personal=False)
class Member(models.Model):
    """An estate belongs to a pool from a day on, until it is ended; to one pool at a time."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="members", verbose_name="统筹配置")
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="memberships", verbose_name="小区")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)
    document = models.CharField("依据", max_length=200)
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")
    ended_by = user_field("终止人", null=True)
    ended_at = models.DateTimeField("终止登记时间", null=True)
    end_document = models.CharField("终止依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "统筹成员"
        verbose_name_plural = "统筹成员"
        constraints = (
            models.CheckConstraint(name="pool_member_documented", condition=~Q(document="")),
            models.CheckConstraint(
                name="pool_member_dates",
                condition=Q(valid_to=None, ended_by=None, ended_at=None)
                | (
                    Q(valid_to__gte=F("valid_from"), ended_by__isnull=False, ended_at__isnull=False)
                    & ~Q(end_document="")
                ),
            ),
            models.UniqueConstraint(name="pool_member_of_one", fields=["estate"], condition=Q(valid_to=None)),
        )


@scoped("estate__division_id", personal=False)
class MakeUp(models.Model):
    """A way to make up a shortfall (补足) that the standard's clause names: planned, stated as done, confirmed."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="make_ups", verbose_name="小区")
    package = models.CharField("政策包", max_length=60)
    standard = models.CharField("标准", max_length=40)
    way = models.CharField("方式", max_length=40)
    square_metres = models.DecimalField("计划面积（平方米）", max_digits=12, decimal_places=2)
    due = models.DateField("期限")
    document = models.CharField("依据", max_length=200)
    planned_by = user_field("计划人")
    planned_at = moment_field("计划时间")
    done_on = models.DateField("完成日期", null=True)
    done_square_metres = models.DecimalField("完成面积（平方米）", max_digits=12, decimal_places=2, null=True)
    done_document = models.CharField("完成依据", max_length=200, blank=True)
    done_by = user_field("完成填报人", null=True)
    done_at = models.DateTimeField("完成填报时间", null=True)
    confirmed_by = user_field("复核人", null=True)
    confirmed_at = models.DateTimeField("复核时间", null=True)
    ended_by = user_field("取消人", null=True)
    ended_at = models.DateTimeField("取消时间", null=True)
    end_reason = models.CharField("取消事由", max_length=300, blank=True)

    class Meta:
        verbose_name = "补足计划"
        verbose_name_plural = "补足计划"
        constraints = (
            models.CheckConstraint(
                name="make_up_grounded",
                condition=Q(square_metres__gt=0) & ~Q(package="") & ~Q(standard="") & ~Q(way="") & ~Q(document=""),
            ),
            models.CheckConstraint(
                name="make_up_done",
                condition=Q(done_on=None, done_square_metres=None, done_by=None, done_at=None)
                | (
                    Q(done_on__isnull=False, done_square_metres__gt=0, done_by__isnull=False, done_at__isnull=False)
                    & ~Q(done_document="")
                ),
            ),
            models.CheckConstraint(
                name="make_up_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False, done_by__isnull=False, ended_by=None)
                    & ~Q(confirmed_by=F("done_by"))
                ),
            ),
            models.CheckConstraint(
                name="make_up_ended",
                condition=Q(ended_by=None, ended_at=None)
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        )


@scoped("estate__division_id", "pool__division_id", personal=False)
class FactRecord(models.Model):
    """One statement about an estate or a pool, valid from a day on; never edited, only followed by another.

    `value` is a text in one form; without one it is unknown from that day on. `make_up` is what it comes from.
    """

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, null=True, related_name="records", verbose_name="小区")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, null=True, related_name="records", verbose_name="统筹配置")
    fact = models.CharField("事实", max_length=40)
    value = models.CharField("值", max_length=60, null=True)
    valid_from = models.DateField("起")
    document = models.CharField("依据", max_length=200)
    make_up = models.OneToOneField(
        MakeUp, on_delete=models.PROTECT, null=True, related_name="record", verbose_name="补足计划"
    )
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")

    class Meta:
        verbose_name = "小区事实"
        verbose_name_plural = "小区事实"
        constraints = (
            models.CheckConstraint(name="estate_fact_documented", condition=~Q(document="")),
            models.CheckConstraint(
                name="estate_fact_of_one",
                condition=Q(estate=None, pool__isnull=False) | Q(estate__isnull=False, pool=None),
            ),
        )


@scoped("record__estate__division_id", "record__pool__division_id", personal=False)
class Retraction(models.Model):
    """A record that should never have been (撤回): from this moment on it counts for nothing, on any day."""

    record = models.OneToOneField(
        FactRecord, on_delete=models.PROTECT, related_name="retraction", verbose_name="小区事实"
    )
    reason = models.CharField("事由", max_length=300)
    user = user_field("撤回人")
    at = moment_field("撤回时间")

    class Meta:
        verbose_name = "小区事实撤回"
        verbose_name_plural = "小区事实撤回"
        constraints = (models.CheckConstraint(name="estate_retraction_says_why", condition=~Q(reason="")),)
