"""Batches (发放批次): lines that go to the bank together, what the bank answered, and how it was reconciled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from songhe.accounts.fields import moment_field, user_field
from songhe.accounts.scope import scoped
from songhe.divisions.models import Division
from songhe.organisations.models import Organisation
from songhe.payment.models.claims import Claim, Payee, of_one
from songhe.registry.models import Person
from songhe.registry.models.records import PLACES


@scoped("division_id", personal=False)
class PayingAccount(models.Model):
    """The account from which an office pays (付款账户)."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="单位所在区划")
    name = models.CharField("户名", max_length=70)
    bank = models.CharField("开户行行号", max_length=35)
    account = models.BinaryField("账号（密文）")

    class Meta:
        verbose_name = "付款账户"
        verbose_name_plural = "付款账户"


@scoped("division_id", personal=False)
class Batch(models.Model):
    """Lines paid together from one office's account. Who makes, checks and approves are different people.

    The database refuses any other way through the states than the one drawn in `songhe.payment.batch_guards`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "待复核"
        CHECKED = "checked", "待审批"
        APPROVED = "approved", "待导出"
        EXPORTED = "exported", "待提交"
        SENT = "sent", "银行处理中"
        ANSWERED = "answered", "待核对"
        RECONCILED = "reconciled", "已核对"
        CLOSED = "closed", "已关闭"
        CANCELLED = "cancelled", "已作废"

    id = models.BigIntegerField("批次号", primary_key=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="单位所在区划")
    paid_from = models.ForeignKey(PayingAccount, on_delete=models.PROTECT, related_name="+", verbose_name="付款账户")
    title = models.CharField("名称", max_length=60)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    lines_number = models.PositiveIntegerField("笔数")
    fen = models.BigIntegerField("金额（分）")
    maker = user_field("编制人")
    made_at = models.DateTimeField("编制时间")
    checker = user_field("复核人", null=True)
    checked_at = models.DateTimeField("复核时间", null=True)
    approvals_needed = models.PositiveSmallIntegerField("须审批人数", null=True)
    bureau_needed = models.BooleanField("须市级审批", default=False)
    approved_at = models.DateTimeField("审批时间", null=True)
    cancelled_by = user_field("作废人", null=True)
    cancel_reason = models.CharField("作废事由", max_length=300, blank=True)

    class Meta:
        verbose_name = "发放批次"
        verbose_name_plural = "发放批次"
        constraints = (
            models.CheckConstraint(name="batch_checked_by_another", condition=Q(checker=None) | ~Q(checker=F("maker"))),
            models.CheckConstraint(
                name="batch_is_checked",
                condition=Q(state__in=("draft", "cancelled"))
                | Q(checker__isnull=False, checked_at__isnull=False, approvals_needed__gte=1),
            ),
            models.CheckConstraint(
                name="batch_is_approved",
                condition=Q(state__in=("draft", "checked", "cancelled")) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_cancelled_with_a_reason",
                condition=~Q(state="cancelled") | (Q(cancelled_by__isnull=False) & ~Q(cancel_reason="")),
            ),
        )

    @property
    def message_id(self) -> str:
        """The name under which the bank knows the batch; it never changes."""
        return f"SONGHE{self.pk:012d}"


@scoped("batch__division_id", personal=False)
class Approval(models.Model):
    """Somebody who neither made nor checked a batch approved it (审批)."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="approvals", verbose_name="批次")
    user = user_field("审批人")
    at = moment_field("时间")

    class Meta:
        verbose_name = "审批"
        verbose_name_plural = "审批"
        constraints = (models.UniqueConstraint(name="approval_once", fields=["batch", "user"]),)


@scoped("batch__division_id", "organisation__division_id", *PLACES)
class PaymentLine(models.Model):
    """One transfer to one account (发放明细). What it pays is said by assignments, what became of it by answers."""

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, db_constraint=False, related_name="lines", verbose_name="批次"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="payments", verbose_name="老年人"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="payments",
        verbose_name="机构与服务商",
    )
    payee = models.ForeignKey(
        Payee, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="payments", verbose_name="代收人"
    )
    name = models.CharField("户名", max_length=60)
    account = models.BinaryField("银行账号（密文）")
    account_hash = models.CharField("账号指纹", max_length=64)
    fen = models.BigIntegerField("金额（分）")
    end_to_end = models.CharField("流水号", max_length=35, unique=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+", verbose_name="重发自"
    )

    class Meta:
        verbose_name = "发放明细"
        verbose_name_plural = "发放明细"
        indexes = (
            models.Index(fields=["organisation"], name="line_organisation", condition=Q(organisation__isnull=False)),
        )
        constraints = (
            of_one("line_of_one"),
            models.CheckConstraint(name="line_pays_something", condition=Q(fen__gt=0)),
            # Whoever else receives a person's money is stated for the person.
            models.CheckConstraint(name="line_payee_of_a_person", condition=Q(payee=None) | Q(organisation=None)),
        )


@scoped("line__batch__division_id")
class Assignment(models.Model):
    """A line pays so many fen of a claim. A claim has one live assignment at most: nobody is paid twice.

    `from_suspense`: the money went out before and came back.
    """

    line = models.ForeignKey(
        PaymentLine, on_delete=models.PROTECT, db_constraint=False, related_name="assignments", verbose_name="发放明细"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, db_constraint=False, related_name="assignments", verbose_name="应付"
    )
    fen = models.BigIntegerField("金额（分）")
    from_suspense = models.BooleanField("退汇重发", default=False)
    live = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = "发放对应"
        verbose_name_plural = "发放对应"
        constraints = (
            models.UniqueConstraint(name="claim_paid_once", fields=["claim"], condition=Q(live=True)),
            models.CheckConstraint(name="assignment_pays_something", condition=Q(fen__gt=0)),
        )


@scoped("batch__division_id", personal=False)
class AnswerFile(models.Model):
    """A file of answers of the bank (回单文件), known by the SHA-256 of its content; the content is not kept."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="answer_files", verbose_name="批次")
    digest = models.CharField("指纹", max_length=64)
    user = user_field("导入人")
    at = moment_field("时间")

    class Meta:
        verbose_name = "回单文件"
        verbose_name_plural = "回单文件"
        constraints = (models.UniqueConstraint(name="answer_file_once", fields=["batch", "digest"]),)


@scoped("line__batch__division_id")
class Answer(models.Model):
    """What the bank says of a line (回单): paid, or bounced. What was paid can come back later; never the other way."""

    class Outcome(models.TextChoices):
        PAID = "paid", "已入账"
        BOUNCED = "bounced", "退汇"

    line = models.ForeignKey(
        PaymentLine, on_delete=models.PROTECT, db_constraint=False, related_name="answers", verbose_name="发放明细"
    )
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    code = models.CharField("原因代码", max_length=35, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    file = models.ForeignKey(
        AnswerFile, on_delete=models.PROTECT, db_constraint=False, related_name="answers", verbose_name="回单文件"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回单"
        verbose_name_plural = "回单"
        constraints = (models.UniqueConstraint(name="answer_once", fields=["line", "outcome"]),)


@scoped("batch__division_id")
class Discrepancy(models.Model):
    """A row of an answer file that does not fit (差异): stands in the way of closing until somebody explains it."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", "本批次没有此流水号"
        AMOUNT = "amount", "金额不符"
        CONTRADICTION = "contradiction", "与先前回单矛盾"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="discrepancies", verbose_name="批次")
    file = models.ForeignKey(AnswerFile, on_delete=models.PROTECT, related_name="+", verbose_name="回单文件")
    kind = models.CharField("类别", max_length=15, choices=Kind)
    end_to_end = models.CharField("流水号", max_length=35)
    ours = models.BigIntegerField("本方金额（分）", null=True)
    banks = models.BigIntegerField("银行金额（分）", null=True)
    explained_by = user_field("说明人", null=True)
    explanation = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "差异"
        verbose_name_plural = "差异"


@scoped("batch__division_id", personal=False)
class Reconciliation(models.Model):
    """The bank's totals beside ours, equal to the fen (核对)."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="reconciliations", verbose_name="批次")
    paid = models.BigIntegerField("已入账（分）")
    bounced = models.BigIntegerField("退汇（分）")
    user = user_field("核对人")
    at = moment_field("时间")

    class Meta:
        verbose_name = "核对"
        verbose_name_plural = "核对"
