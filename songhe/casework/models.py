"""Cases (办件) and the acts in them (经办记录): acts are only ever added, and what a case is follows from them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from songhe.accounts.fields import user_field
from songhe.accounts.scope import scoped, unscoped
from songhe.divisions.models import Division
from songhe.registry.models import Kinship, Person


class Kind(models.TextChoices):
    """What a case is about; how each runs stands in `procedures.yaml`."""

    BENEFIT = "benefit_application", "待遇申请"
    SUBSIDY = "institution_subsidy", "机构补贴"
    ASSESSMENT = "assessment_request", "能力评估"
    REFERRAL = "referral", "转办"
    HEIRS = "heirs_claim", "身后待遇"
    APPEAL = "appeal", "申诉"
    COMPLAINT = "complaint", "投诉"


class How(models.TextChoices):
    """Who brought a case in."""

    SELF = "self", "本人申请"
    FAMILY = "family", "家属代办"
    VILLAGE = "village", "社区（村）代办"
    SYSTEM = "system", "免申即享或主动邀请"
    TAKEN_OVER = "taken_over", "平台启用前已享受"


class State(models.TextChoices):
    RUNNING = "running", "办理中"
    INVITED = "invited", "等待本人确认"
    RETURNED = "returned", "退回补正"
    CLOSED = "closed", "已办结"


class Outcome(models.TextChoices):
    OPEN = "", "未决定"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "撤回"
    LAPSED = "lapsed", "逾期未补正"
    DIED = "died", "死亡终止"


class Duty(models.TextChoices):
    """Different duties of a case are different people's (不相容岗位)."""

    NONE = "", "无"
    MAKER = "maker", "经办"
    CHECKER = "checker", "审核"
    APPROVER = "approver", "审批"


# Who is waited for when it is none of the staff.
APPLICANT = "applicant"


@unscoped("how cases run, with nobody's data")
class ProcedureText(models.Model):
    """A procedure as it stood when the first case began under it (流程版本); `content` is a shapes.Procedure."""

    sha256 = models.CharField("指纹", max_length=64, unique=True)
    kind = models.CharField("类别", max_length=30)
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "流程版本"
        verbose_name_plural = "流程版本"


@scoped("division_id")
class Case(models.Model):
    """One matter of a person, or of the `subject` where it is not a person's, in the hands of a division.

    `awaits` is the action that comes next (or `applicant`), `duty` the duty of it, `acts` the number of acts so far.
    `due_unsure`: the day was found without a table of holidays.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=30, choices=Kind)
    package = models.CharField("政策包", max_length=60, blank=True, default="")
    item = models.CharField("事项", max_length=40, blank=True, default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases", verbose_name="老年人")
    subject_kind = models.CharField("对象类别", max_length=30, blank=True, default="")
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="办理区划"
    )
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later", verbose_name="原件")
    procedure = models.ForeignKey(ProcedureText, on_delete=models.PROTECT, related_name="+", verbose_name="流程版本")
    how = models.CharField("提出方式", max_length=10, choices=How)
    agent = models.ForeignKey(Kinship, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="代办家属")
    opened_by = user_field("登记人", null=True)
    opened_at = models.DateTimeField("提出时间")
    request_key = models.CharField("请求编号", max_length=90, null=True, unique=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    step = models.CharField("环节", max_length=40, default="")
    awaits = models.CharField("等待", max_length=30, blank=True, default="")
    duty = models.CharField("岗位", max_length=10, choices=Duty, blank=True, default="")
    due_on = models.DateField("办理期限", null=True)
    due_unsure = models.BooleanField("期限未计节假日", default=False)
    clock_left = models.PositiveSmallIntegerField("剩余工作日", null=True)
    notice_from = models.DateField("公示起", null=True)
    notice_to = models.DateField("公示止", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True, default="")
    decided_on = models.DateField("决定日期", null=True)
    informed_on = models.DateField("告知日期", null=True)
    closed_on = models.DateField("办结日期", null=True)
    escalated_on = models.DateField("催办日期", null=True)
    acts = models.PositiveIntegerField("记录数", default=0)

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        constraints = (
            models.UniqueConstraint(
                name="case_one_open",
                fields=["person", "kind", "item"],
                condition=~Q(state="closed") & Q(person__isnull=False) & ~Q(item=""),
            ),
            models.UniqueConstraint(
                name="case_one_open_of_subject",
                fields=["subject_kind", "subject_id", "kind", "item"],
                condition=~Q(state="closed") & Q(kind="institution_subsidy") & ~Q(item=""),
            ),
            models.UniqueConstraint(
                name="case_one_open_appeal",
                fields=["about"],
                condition=~Q(state="closed") & Q(kind="appeal", about__isnull=False),
            ),
            models.CheckConstraint(name="case_of_somebody", condition=Q(person__isnull=False) | ~Q(subject_id="")),
            models.CheckConstraint(
                name="case_closed_with_outcome",
                condition=(Q(state="closed", closed_on__isnull=False, awaits="") & ~Q(outcome=""))
                | (~Q(state="closed") & Q(closed_on=None)),
            ),
            models.CheckConstraint(
                name="case_decided_on_a_day",
                condition=~Q(outcome__in=["granted", "refused"]) | Q(decided_on__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["awaits", "due_on", "id"], name="case_desk", condition=~Q(state="closed")),
            models.Index(fields=["division", "state", "due_on"], name="case_division"),
        )


@scoped("case__division_id")
class Act(models.Model):
    """What somebody did in a case. `due_on` is by when it was due; `ends` says that it ended a step's clock.

    `contact` is sealed: how to reach whoever objected. `details` are day texts, ids and codes, never personal data.
    """

    class Party(models.TextChoices):
        SYSTEM = "system", "系统"
        STAFF = "staff", "工作人员"
        APPLICANT = "applicant", "申请人"
        PUBLIC = "public", "群众"

    class Verb(models.TextChoices):
        OPENED = "opened", "提出"
        OFFERED = "offered", "主动办理"
        INVITED = "invited", "邀请"
        CONFIRMED = "confirmed", "确认"
        PASSED = "passed", "通过"
        RETURNED = "returned", "退回补正"
        RESUBMITTED = "resubmitted", "补正"
        REFUSED = "refused", "不同意"
        PUBLISHED = "published", "公示"
        OBJECTED = "objected", "异议"
        ANSWERED = "answered", "答复异议"
        WITHDRAWN = "withdrawn", "撤回"
        TRANSFERRED = "transferred", "移交"
        ESCALATED = "escalated", "催办"
        ENDED = "ended", "终止"
        TAKEN_OVER = "taken_over", "转入"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, db_index=False, related_name="history", verbose_name="办件"
    )
    number = models.PositiveIntegerField("次序")
    at = models.DateTimeField("时间")
    on = models.DateField("日期")
    party = models.CharField("身份", max_length=10, choices=Party)
    user = user_field("经办人", null=True)
    verb = models.CharField("行为", max_length=12, choices=Verb)
    step = models.CharField("环节", max_length=40, blank=True, default="")
    duty = models.CharField("岗位", max_length=10, choices=Duty, blank=True, default="")
    due_on = models.DateField("应于", null=True)
    ends = models.BooleanField("结束环节", default=False)
    reason = models.CharField("说明", max_length=500, blank=True, default="")
    clause = models.CharField("条款", max_length=40, blank=True, default="")
    way_to_appeal = models.CharField("救济途径", max_length=500, blank=True, default="")
    contact = models.BinaryField("联系方式（密文）", null=True)
    details = models.JSONField("详情", default=dict)

    class Meta:
        verbose_name = "经办记录"
        verbose_name_plural = "经办记录"
        constraints = (
            models.UniqueConstraint(name="act_in_order", fields=["case", "number"]),
            models.CheckConstraint(name="act_duty_is_somebodys", condition=Q(duty="") | Q(user__isnull=False)),
            models.CheckConstraint(
                name="act_refusal_says_why",
                condition=~Q(verb="refused") | (~Q(reason="") & ~Q(clause="") & ~Q(way_to_appeal="")),
            ),
            models.CheckConstraint(name="act_staff_is_somebody", condition=~Q(party="staff") | Q(user__isnull=False)),
        )
        indexes = (
            models.Index(fields=["on", "step"], name="act_on", condition=Q(ends=True)),
            # Whether somebody had another duty is asked for every act: by the user alone it would be all of their work.
            models.Index(fields=["case", "user"], name="act_case_user"),
        )
