"""Codes (登录码) by which an older person or the family gets to the person's own pages, and what they opened."""

from __future__ import annotations

import uuid

from django.db import models

from songhe.accounts.fields import user_field
from songhe.accounts.scope import scoped, unscoped
from songhe.registry.models import Kinship, Person
from songhe.registry.models.records import PLACES, reached_through


class How(models.TextChoices):
    SENT = "sent", "短信"
    COUNTER = "counter", "窗口"


@scoped(*PLACES)
class Code(models.Model):
    """A code for the pages of a person (登录码), for the person or, with `kinship`, for one of the family.

    The digits are kept as a keyed hash alone. `ended_at`: used, or replaced by a later one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="老年人")
    kinship = models.ForeignKey(Kinship, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="家属")
    how = models.CharField("方式", max_length=8, choices=How)
    salt = models.UUIDField("盐", default=uuid.uuid4, editable=False)
    hash = models.CharField("指纹", max_length=64)
    given_by = user_field("给码人", null=True)
    created_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("有效至")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    ended_at = models.DateTimeField("用完时间", null=True)

    class Meta:
        verbose_name = "登录码"
        verbose_name_plural = "登录码"
        constraints = (
            models.CheckConstraint(
                name="code_of_the_counter_is_given",
                condition=models.Q(how="sent", given_by=None) | models.Q(how="counter", given_by__isnull=False),
            ),
        )


@scoped(*reached_through("code__person"))
class Sitting(models.Model):
    """What a code opened (个人页面会话): each code at most one. The token is in the reader's cookie, its hash here."""

    code = models.OneToOneField(Code, on_delete=models.PROTECT, related_name="sitting", verbose_name="登录码")
    hash = models.CharField("指纹", max_length=64, unique=True)
    began_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近查看")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "个人页面会话"
        verbose_name_plural = "个人页面会话"


@unscoped("how often somebody tried, by keyed hashes of numbers and addresses; deleted after a day")
class Try(models.Model):
    """Somebody asked for a code, or gave a wrong one (尝试): counted whether or not there is such a person."""

    class Kind(models.TextChoices):
        ASKED = "asked", "索取"
        WRONG = "wrong", "输错"

    kind = models.CharField("类别", max_length=8, choices=Kind)
    hash = models.CharField("指纹", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "尝试"
        verbose_name_plural = "尝试"
        indexes = (models.Index(fields=["hash", "kind", "at"], name="try_counted"),)
