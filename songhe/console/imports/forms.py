"""What is asked when a department's file is handed in."""

from __future__ import annotations

from typing import Any

from django import forms

from songhe.common.text import say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.places import DivisionField
from songhe.intake.queries import guides


class NewImport(Form):
    source = TextChoiceField(label=say("来源部门", "Department"), options=[])
    division = DivisionField(label=say("所属区划", "Division it belongs to"))
    file = forms.FileField(label=say("文件（CSV、XLSX、JSONL）", "File (CSV, XLSX, JSONL)"), allow_empty_file=False)
    announced_rows = forms.IntegerField(
        label=say("部门申报的行数", "Rows the department says there are"), min_value=1, required=False
    )
    codes_on = DayField(label=say("区划代码截至", "Division codes as of"), required=False)
    sheet = forms.CharField(label=say("工作表", "Sheet"), max_length=100, required=False)

    def __init__(self, *args: Any, within: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(guide.source, guide.name) for guide in guides()]
        self.fields["source"].options = options
        self.fields["source"].choices = [(value, value) for value, _ in options]
        self.fields["division"].within = within
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.jsonl,.json"
