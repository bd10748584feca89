"""What is owed to people and organisations, what they owe back, and who receives it for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.entitlement.models import Plan
from songhe.organisations.models import Organisation
from songhe.payment.models.ledger import Entry, Fund
from songhe.registry.models import Person
from songhe.registry.models.records import PLACES, reached_through


def of_one(name: str) -> models.CheckConstraint:
    """Of a person or of an organisation, never of both and never of nobody."""
    a_person, an_organisation = Q(person__isnull=False), Q(organisation__isnull=False)
    return models.CheckConstraint(
        name=name, condition=(a_person & Q(organisation=None)) | (an_organisation & Q(person=None))
    )


@scoped("fund__division_id", "organisation__division_id", *PLACES)
class Claim(models.Model):
    """What a decision says a person or an organisation is owed for an item and a month (应付).

    It owes that back when the sum is negative (应追回).
    How the decision came about is not known here: only its reference, its clause and the hash of the package. A share
    of another level is another claim on another fund.
    """

    id = models.BigIntegerField(primary_key=True)
    reference = models.CharField("决定", max_length=120, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="claims", verbose_name="老年人"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        db_constraint=False,
        # Nearly no claim is an organisation's: the index holds those alone.
        db_index=False,
        null=True,
        related_name="claims",
        verbose_name="机构与服务商",
    )
    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, db_constraint=False, related_name="claims", verbose_name="资金"
    )
    item = models.CharField("项目", max_length=60)
    month = models.DateField("所属月份")
    fen = models.BigIntegerField("金额（分）")
    clause = models.CharField("条款", max_length=60)
    package = models.CharField("政策包指纹", max_length=80)
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, db_constraint=False, related_name="claims", verbose_name="确认凭证"
    )

    class Meta:
        verbose_name = "应付应追回"
        verbose_name_plural = "应付应追回"
        indexes = (
            models.Index(fields=["fund", "month"], name="claim_fund_month"),
            models.Index(fields=["organisation"], name="claim_organisation", condition=Q(organisation__isnull=False)),
            # Few among many: a list of them must not read them all.
            models.Index(fields=["id"], name="claim_taken_back", condition=Q(fen__lt=0)),
        )
        constraints = (
            of_one("claim_of_one"),
            models.CheckConstraint(name="claim_not_zero", condition=~Q(fen=0)),
            models.CheckConstraint(
                name="claim_names_its_ground", condition=~Q(reference="") & ~Q(clause="") & ~Q(package="")
            ),
        )


@scoped(*PLACES)
class Payee(models.Model):
    """Somebody else who receives a person's money, and why (代收人). Stated by one user, approved by another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payees", verbose_name="老年人")
    name = models.CharField("户名", max_length=60)
    relation = models.CharField("关系", max_length=60)
    reason = models.CharField("事由", max_length=300)
    account = models.BinaryField("银行账号（密文）")
    account_hash = models.CharField("账号指纹", max_length=64)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)
    stated_by = user_field("登记人")
    approved_by = user_field("复核人", null=True)
    approved_at = models.DateTimeField("复核时间", null=True)
    ended_by = user_field("终止人", null=True)

    class Meta:
        verbose_name = "代收人"
        verbose_name_plural = "代收人"
        constraints = (
            models.CheckConstraint(name="payee_dates", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="payee_approved_by_another", condition=Q(approved_by=None) | ~Q(approved_by=F("stated_by"))
            ),
            models.CheckConstraint(name="payee_has_a_reason", condition=~Q(reason="") & ~Q(name="")),
        )


@scoped("claim__fund__division_id", "claim__organisation__division_id", *reached_through("claim__person"))
class RecoveryPlan(models.Model):
    """How a recovery is set off against later dues of the same person or organisation, item and fund (抵扣计划).

    At most `per_month` fen of the dues of one month; of plans with the same `settlement` that is the sum for all of
    them together. Without a plan nothing is set off: it stays receivable.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="plans", verbose_name="应追回")
    settlement = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, related_name="carried", verbose_name="追回方案"
    )
    per_month = models.BigIntegerField("每月最多抵扣（分）")
    reason = models.CharField("事由", max_length=300)
    stated_by = user_field("登记人")
    stated_at = moment_field("登记时间")
    ended_by = user_field("终止人", null=True)

    class Meta:
        verbose_name = "抵扣计划"
        verbose_name_plural = "抵扣计划"
        constraints = (
            models.UniqueConstraint(name="plan_one_open", fields=["claim"], condition=Q(ended_by=None)),
            models.CheckConstraint(name="plan_sets_something_off", condition=Q(per_month__gt=0) & ~Q(reason="")),
        )


@scoped("due__fund__division_id", "due__organisation__division_id", *reached_through("due__person"))
class SetOff(models.Model):
    """So many fen of a due kept back for a recovery (抵扣), by a plan, in an entry."""

    plan = models.ForeignKey(RecoveryPlan, on_delete=models.PROTECT, related_name="set_offs", verbose_name="抵扣计划")
    due = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="set_offs", verbose_name="应付")
    fen = models.BigIntegerField("金额（分）")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, db_constraint=False, related_name="set_offs", verbose_name="凭证"
    )

    class Meta:
        verbose_name = "抵扣"
        verbose_name_plural = "抵扣"
        constraints = (models.CheckConstraint(name="set_off_is_positive", condition=Q(fen__gt=0)),)
