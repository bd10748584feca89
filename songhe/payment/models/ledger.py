"""The ledger (总账): funds, accounts, entries and postings in integer fen. Debits are positive, credits negative.

An entry is written after its postings and closes them: the database takes no entry whose postings do not come to
zero, and no posting for an entry that is there (migrations/0002). So both engines hold the ledger at zero, however much
is posted at once.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division


@scoped("division_id", personal=False)
class Fund(models.Model):
    """Money of one kind, one level and one year, held at one office (资金). No fund ever stands in for another."""

    class Kind(models.TextChoices):
        FISCAL = "fiscal", "财政资金"
        WELFARE_LOTTERY = "welfare_lottery", "福利彩票公益金"

    class Level(models.TextChoices):
        CENTRAL = "central", "中央"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWN = "town", "乡镇（街道）"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    level = models.CharField("级次", max_length=10, choices=Level)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="管理单位所在区划")
    year = models.PositiveSmallIntegerField("年度")

    class Meta:
        verbose_name = "资金"
        verbose_name_plural = "资金"
        constraints = (models.UniqueConstraint(name="fund_once", fields=["kind", "level", "division", "year"]),)

    def __str__(self) -> str:
        return f"{self.year}年{self.get_level_display()}{self.get_kind_display()}"


@scoped("fund__division_id", personal=False)
class Account(models.Model):
    """One account of a fund (科目); obligations have one for each item.

    Whose money it is, is said by the posting's claim: an account for each of a million people would hold three postings
    a month and add nothing. `balance` is kept by the database itself with every posting.
    """

    class Kind(models.TextChoices):
        FUND = "fund", "资金结存"
        APPROPRIATION = "appropriation", "拨入"
        OBLIGATION = "obligation", "已确认支出"
        PAYEE = "payee", "应付待遇"
        RECOVERY = "recovery", "应收追回"
        SUSPENSE = "suspense", "退汇待处理"
        CLEARING = "clearing", "银行在途"
        WAIVER = "waiver", "核销"
        SPENDING = "spending", "直接支出"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts", verbose_name="资金")
    kind = models.CharField("科目", max_length=15, choices=Kind)
    item = models.CharField("项目", max_length=60, blank=True)
    balance = models.BigIntegerField("余额（分）", default=0)

    class Meta:
        verbose_name = "科目"
        verbose_name_plural = "科目"
        constraints = (models.UniqueConstraint(name="account_once", fields=["fund", "kind", "item"]),)


@scoped("division_id")
class Entry(models.Model):
    """One journal entry (凭证): why postings were made. Its number has no gaps, and its postings come to zero."""

    class Kind(models.TextChoices):
        APPROPRIATION = "appropriation", "拨款"
        DUE = "due", "确认应付和应追回"
        SET_OFF = "set_off", "抵扣"
        WAIVER = "waiver", "核销"
        REPAYMENT = "repayment", "退还"
        SPENDING = "spending", "直接支出"
        SENT = "sent", "提交银行"
        ANSWERED = "answered", "银行回单"

    id = models.BigIntegerField("凭证号", primary_key=True)
    kind = models.CharField("类别", max_length=15, choices=Kind)
    at = models.DateTimeField("时间")
    user = user_field("经办人", null=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    reference = models.CharField("依据", max_length=120)
    reason = models.CharField("事由", max_length=300, blank=True)
    postings = models.PositiveIntegerField("分录数")

    class Meta:
        verbose_name = "凭证"
        verbose_name_plural = "凭证"
        indexes = (models.Index(fields=["reference"], name="entry_reference"),)


@scoped("account__fund__division_id")
class Posting(models.Model):
    """One line of an entry (分录): so many fen on an account, debit positive; `claim` says whose money it is."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines", verbose_name="凭证")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, related_name="postings", verbose_name="科目"
    )
    claim = models.ForeignKey(
        "payment.Claim",
        on_delete=models.PROTECT,
        db_constraint=False,
        null=True,
        related_name="postings",
        verbose_name="应付应追回",
    )
    fen = models.BigIntegerField("金额（分）")

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        constraints = (models.CheckConstraint(name="posting_not_zero", condition=~Q(fen=0)),)


@scoped("fund__division_id", personal=False)
class Budget(models.Model):
    """Money planned for an item from a fund (预算); a later row adds to it, or takes away. Rows are never changed."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="budgets", verbose_name="资金")
    item = models.CharField("项目", max_length=60)
    fen = models.BigIntegerField("金额（分）")
    document = models.CharField("依据文件", max_length=200)
    user = user_field("经办人", null=True)
    at = moment_field("时间")

    class Meta:
        verbose_name = "预算"
        verbose_name_plural = "预算"
