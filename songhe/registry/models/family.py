"""Whom a person belongs with (家庭与亲属) and what the person agreed to (授权同意). Rows are ended, not changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from songhe.accounts.scope import scoped
from songhe.registry.models.records import PLACES, Person, Transaction


def _recorded_in() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="+", verbose_name="登记")


def _ended_in() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="终止登记"
    )


def _dates(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
    )


@scoped(*(f"memberships__{path}" for path in PLACES))
class Household(models.Model):
    """People who live as one household (户); who they are is said by memberships."""

    recorded_in = _recorded_in()
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "家庭户"
        verbose_name_plural = "家庭户"


@scoped(*PLACES)
class Membership(models.Model):
    """A person in a household from a day to a day, both included."""

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="memberships", verbose_name="家庭户"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name="老年人")
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)
    recorded_in = _recorded_in()
    ended_in = _ended_in()

    class Meta:
        verbose_name = "户成员"
        verbose_name_plural = "户成员"
        constraints = (
            _dates("membership_dates"),
            models.UniqueConstraint(name="membership_one_open", fields=["person"], condition=Q(valid_to=None)),
        )


@scoped(*PLACES)
class Kinship(models.Model):
    """Somebody who stands by a person: another person of the registry, or a name and a telephone (sealed)."""

    class Kind(models.TextChoices):
        CARER = "carer", "照护人"
        EMERGENCY = "emergency", "紧急联系人"
        MAY_ACT = "may_act", "可代办人"

    class Relation(models.TextChoices):
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        CHILD_IN_LAW = "child_in_law", "儿媳、女婿"
        GRANDCHILD = "grandchild", "孙辈"
        SIBLING = "sibling", "兄弟姐妹"
        RELATIVE = "relative", "其他亲属"
        NEIGHBOUR = "neighbour", "邻居"
        VILLAGE = "village", "社区（村）"
        OTHER = "other", "其他"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin", verbose_name="老年人")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    relation = models.CharField("关系", max_length=12, choices=Relation)
    relative = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="kin_of", verbose_name="亲属（在册）"
    )
    name = models.CharField("亲属姓名", max_length=60, blank=True)
    phone = models.BinaryField("联系电话（密文）", null=True)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)
    recorded_in = _recorded_in()
    ended_in = _ended_in()

    class Meta:
        verbose_name = "亲属关系"
        verbose_name_plural = "亲属关系"
        constraints = (
            _dates("kinship_dates"),
            models.CheckConstraint(name="kinship_names_somebody", condition=Q(relative__isnull=False) ^ ~Q(name="")),
            models.CheckConstraint(name="kinship_not_oneself", condition=Q(relative=None) | ~Q(relative=F("person"))),
        )


@scoped(*PLACES)
class Consent(models.Model):
    """A person agreed to something or took it back (同意、撤回同意); the latest row of a matter holds."""

    class Matter(models.TextChoices):
        DATA_SHARING = "data_sharing", "部门间共享信息"
        SERVICE_PROVIDER = "service_provider", "向服务机构提供信息"
        ASSESSMENT = "assessment", "接受能力评估"
        CONTACT = "contact", "定期联系与探访"
        DEVICE = "device", "安装监测设备"
        FAMILY_VIEW = "family_view", "家属查看待遇"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents", verbose_name="老年人")
    matter = models.CharField("事项", max_length=20, choices=Matter)
    given = models.BooleanField("同意")
    on = models.DateField("日期")
    given_by = models.ForeignKey(
        Kinship, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="代为表示的可代办人"
    )
    note = models.CharField("说明", max_length=300, blank=True)
    recorded_in = _recorded_in()

    class Meta:
        verbose_name = "同意"
        verbose_name_plural = "同意"
        indexes = (models.Index(fields=["person", "matter", "on"], name="consent_latest"),)
