"""What is asked of the audit trail."""

from __future__ import annotations

from django import forms

from songhe.common.text import say
from songhe.console.forms import DayField, Form, TextChoiceField

# The first word of an action → what its lines are about.
GROUPS = (
    ("user", say("用户与授权", "Users and roles")),
    ("session", say("登录与会话", "Sign-in and sessions")),
    ("scope", say("越权被拒", "Refused, out of scope")),
    ("person", say("老年人档案", "People's files")),
    ("conflict", say("来源冲突", "Conflicts")),
    ("duplicate", say("疑似重复", "Duplicates")),
    ("household", say("家庭", "Households")),
    ("kinship", say("亲属", "Kin")),
    ("consent", say("同意", "Consent")),
    ("import", say("数据导入", "Imports")),
    ("snapshot", say("快照", "Snapshots")),
    ("projection", say("当前状态", "Projection")),
    ("keys", say("密钥", "Keys")),
    ("audit", say("审计查看", "Reading of the trail")),
    ("division", say("区划", "Divisions")),
)


class Filters(Form):
    who = forms.CharField(label=say("行为人", "Who"), max_length=50, required=False)
    group = TextChoiceField(label=say("类别", "About"), options=[("", say("全部", "All")), *GROUPS], required=False)
    subject = forms.CharField(label=say("对象编号", "Subject"), max_length=60, required=False)
    first = DayField(label=say("自", "From"), required=False)
    last = DayField(label=say("至（含当日）", "To (included)"), required=False)


class Anchor(Form):
    """Number and hash of a line, written down earlier: with them, lines cut off at the end are noticed."""

    sequence = forms.IntegerField(
        label=say("先前抄录的序号", "Number written down earlier"), min_value=1, required=False
    )
    hash = forms.RegexField(
        label=say("先前抄录的指纹", "Hash written down earlier"),
        regex=r"[0-9a-f]{64}",
        max_length=64,
        required=False,
    )

    def clean(self) -> None:
        if not self.errors and (self.cleaned_data["sequence"] is None) != (not self.cleaned_data["hash"]):
            self.add_problem(None, say("序号和指纹须一起填写。", "Give the number and the hash together."))
