"""Institutions and providers (机构与服务商): who they are, what is known of them, their accounts and contracts.

What one person stated counts for nothing until another has confirmed it; the database refuses that it is the same.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


@scoped("division_id", personal=False)
class Organisation(models.Model):
    """An institution (养老机构), a provider of services (服务商), or both; its facts are records."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=100)
    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    is_institution = models.BooleanField("养老机构", default=False)
    is_provider = models.BooleanField("服务商", default=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="所在区划")
    opened_on = models.DateField("成立日期")
    closed_on = models.DateField("终止日期", null=True)
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")

    class Meta:
        verbose_name = "机构与服务商"
        verbose_name_plural = "机构与服务商"
        constraints = (
            models.CheckConstraint(
                name="organisation_is_something", condition=Q(is_institution=True) | Q(is_provider=True)
            ),
            models.CheckConstraint(
                name="organisation_dates", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
            models.CheckConstraint(name="organisation_named", condition=~Q(name="") & ~Q(code="")),
        )

    def __str__(self) -> str:
        return self.name


@scoped("organisation__division_id", personal=False)
class FactRecord(models.Model):
    """One statement about an organisation, valid from a day on (机构事实); never edited, only followed by another.

    `value` is a text in one form; without one it is unknown from that day on.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="records", verbose_name="机构与服务商"
    )
    fact = models.CharField("事实", max_length=40)
    value = models.CharField("值", max_length=60, null=True)
    valid_from = models.DateField("起")
    document = models.CharField("依据", max_length=200)
    recorded_by = user_field("登记人")
    recorded_at = moment_field("登记时间")

    class Meta:
        verbose_name = "机构事实"
        verbose_name_plural = "机构事实"
        constraints = (models.CheckConstraint(name="organisation_fact_documented", condition=~Q(document="")),)


@scoped("record__organisation__division_id", personal=False)
class Retraction(models.Model):
    """A record that should never have been (撤回): from this moment on it counts for nothing, on any day."""

    record = models.OneToOneField(
        FactRecord, on_delete=models.PROTECT, related_name="retraction", verbose_name="机构事实"
    )
    reason = models.CharField("事由", max_length=300)
    user = user_field("撤回人")
    at = moment_field("撤回时间")

    class Meta:
        verbose_name = "机构事实撤回"
        verbose_name_plural = "机构事实撤回"
        constraints = (models.CheckConstraint(name="organisation_retraction_says_why", condition=~Q(reason="")),)


@scoped("organisation__division_id", personal=False)
class BankAccount(models.Model):
    """To which account an organisation is paid (收款账户), sealed: stated by one user, confirmed by another."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accounts", verbose_name="机构与服务商"
    )
    name = models.CharField("户名", max_length=60)
    account = models.BinaryField("银行账号（密文）")
    account_hash = models.CharField("账号指纹", max_length=64)
    last_digits = models.CharField("账号末四位", max_length=4)
    document = models.CharField("依据", max_length=200)
    stated_by = user_field("登记人")
    stated_at = moment_field("登记时间")
    confirmed_by = user_field("复核人", null=True)
    confirmed_at = models.DateTimeField("复核时间", null=True)
    ended_by = user_field("终止人", null=True)

    class Meta:
        verbose_name = "机构收款账户"
        verbose_name_plural = "机构收款账户"
        constraints = (
            models.CheckConstraint(
                name="organisation_account_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (~Q(confirmed_by=F("stated_by")) & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="organisation_account_documented", condition=~Q(name="") & ~Q(account_hash="") & ~Q(document="")
            ),
            models.UniqueConstraint(
                name="organisation_account_one",
                fields=["organisation"],
                condition=Q(confirmed_by__isnull=False, ended_by=None),
            ),
        )


@scoped("division_id", personal=False)
class Contract(models.Model):
    """What an office buys of a provider (购买服务合同): so many fen a unit, from a day to a day, up to a ceiling.

    `clause` is the clause of the package that it serves, `item` the item where there is one.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contracts", verbose_name="服务商"
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="购买单位所在区划")
    document = models.CharField("合同（文号）", max_length=200)
    service = models.CharField("服务内容", max_length=100)
    package = models.CharField("政策包", max_length=60)
    item = models.CharField("项目", max_length=40, blank=True)
    clause = models.CharField("条款", max_length=40)
    unit = models.CharField("计量单位", max_length=20)
    price = models.BigIntegerField("单价（分）")
    ceiling = models.BigIntegerField("合同总价上限（分）")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止")
    stated_by = user_field("登记人")
    stated_at = moment_field("登记时间")
    confirmed_by = user_field("复核人", null=True)
    confirmed_at = models.DateTimeField("复核时间", null=True)

    class Meta:
        verbose_name = "购买服务合同"
        verbose_name_plural = "购买服务合同"
        constraints = (
            models.CheckConstraint(
                name="contract_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (~Q(confirmed_by=F("stated_by")) & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)),
            ),
            models.CheckConstraint(name="contract_dates", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(name="contract_priced", condition=Q(price__gt=0) & Q(ceiling__gte=F("price"))),
            models.CheckConstraint(
                name="contract_grounded", condition=~Q(document="") & ~Q(clause="") & ~Q(package="") & ~Q(unit="")
            ),
        )

    @property
    def budget_item(self) -> str:
        """Under which item the ledger keeps it."""
        return self.item or self.clause


@scoped("contract__division_id", personal=False)
class Delivery(models.Model):
    """What was delivered of a contract in a month (服务量): reported by one user, verified by another.

    Nothing verified (0 units) is a report turned down; the month may then be reported anew.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="deliveries", verbose_name="合同")
    month = models.DateField("月份")
    units = models.PositiveIntegerField("数量")
    people = models.PositiveIntegerField("服务人数")
    document = models.CharField("依据", max_length=200)
    reported_by = user_field("填报人")
    reported_at = moment_field("填报时间")
    verified_by = user_field("核实人", null=True)
    verified_at = models.DateTimeField("核实时间", null=True)
    verified_units = models.PositiveIntegerField("核实数量", null=True)
    finding = models.CharField("核实说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "服务量"
        verbose_name_plural = "服务量"
        constraints = (
            models.CheckConstraint(
                name="delivery_verified_by_another",
                condition=Q(verified_by=None, verified_at=None, verified_units=None)
                | (
                    ~Q(verified_by=F("reported_by"))
                    & Q(verified_by__isnull=False, verified_at__isnull=False, verified_units__isnull=False)
                    & Q(verified_units__lte=F("units"))
                ),
            ),
            models.CheckConstraint(
                name="delivery_says_why_less",
                condition=Q(verified_units=None) | Q(verified_units=F("units")) | ~Q(finding=""),
            ),
            models.CheckConstraint(
                name="delivery_of_something", condition=Q(units__gt=0) & Q(people__gt=0) & ~Q(document="")
            ),
            models.UniqueConstraint(
                name="delivery_once_a_month",
                fields=["contract", "month"],
                condition=Q(verified_units=None) | Q(verified_units__gt=0),
            ),
        )
