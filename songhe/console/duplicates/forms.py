"""What is asked about two files."""

from __future__ import annotations

from django import forms

from songhe.common.text import say
from songhe.console.forms import Form, TextChoiceField

KEEP_ONE, KEEP_OTHER, DIFFERENT = "keep_one", "keep_other", "different"


class Decision(Form):
    verdict = TextChoiceField(
        label=say("结论", "Verdict"),
        options=[
            ("", say("请选择", "Choose")),
            (KEEP_ONE, say("同一人，保留甲档", "One person: keep file A")),
            (KEEP_OTHER, say("同一人，保留乙档", "One person: keep file B")),
            (DIFFERENT, say("不是同一人", "Not one person")),
        ],
    )
    reason = forms.CharField(label=say("事由", "Reason"), max_length=300)


class Reason(Form):
    reason = forms.CharField(label=say("事由", "Reason"), max_length=300)
