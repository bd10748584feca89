"""What is asked when a month is decided, answered for, taken back, or a reform tried out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import Form, Problem, TextChoiceField
from songhe.entitlement.models import Plan

_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_FIRST, _LAST = 1950, 2199


class MonthField(forms.CharField):
    """A month as people write it: 2026-10, 2026年10月, 202610. Cleans to 202610."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs.update(placeholder="2026-10", autocomplete="off", size="9")

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}-{value % 100:02d}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        match = _MONTH.fullmatch(text)
        if not match or not 1 <= int(match[2]) <= 12 or not _FIRST <= int(match[1]) <= _LAST:
            raise Problem(say("请写成 2026-10 这样的月份。", "Write a month like 2026-10."))
        return int(match[1]) * 100 + int(match[2])


def _choices(form: Form, name: str, options: Sequence[tuple[str, Text]]) -> None:
    form.fields[name].options = tuple(options)
    form.fields[name].choices = [(value, value) for value, _ in options]


class NewRun(Form):
    """The county stands above the form; `is_first` asks from which month money is accounted."""

    month = MonthField(label=say("核定月份", "Month"))
    package = TextChoiceField(label=say("政策包", "Package"), options=[])
    accounts_from = MonthField(label=say("记账起始月", "Accounts begin with"), required=False)

    def __init__(self, *args: Any, packages: Sequence[tuple[str, Text]], is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "package", packages)
        if not is_first:
            del self.fields["accounts_from"]


ASKING: dict[str, Text] = {
    "everybody": say("符合条件的人人都申请（最多要花多少）", "everybody entitled applies (the most it can cost)"),
    "holders": say("只算已批准和免申即享的人", "only those who hold a grant or need none"),
}


class NewSimulation(Form):
    month = MonthField(label=say("起始月份", "First month"))
    package = TextChoiceField(label=say("现行政策包", "Package in force"), options=[])
    other = TextChoiceField(label=say("拟议政策包", "Package to try out"), options=[])
    months = forms.IntegerField(label=say("模拟月数", "Months"), min_value=1, max_value=60)
    asking = TextChoiceField(label=say("申请假设", "Who applies"), options=list(ASKING.items()))

    def __init__(
        self,
        *args: Any,
        packages: Sequence[tuple[str, Text]],
        elsewhere: Sequence[tuple[str, Text]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "package", packages)
        _choices(self, "other", [*packages, *elsewhere])


class Words(Form):
    """Why, in writing."""

    text = forms.CharField(
        label=say("书面说明", "In writing"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class Reason(Form):
    reason = forms.CharField(label=say("理由", "Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


MODES: dict[str, Text] = {
    Plan.Mode.AT_ONCE: say("一次退回", "paid back at once"),
    Plan.Mode.INSTALMENTS: say("分期退回", "paid back in instalments"),
    Plan.Mode.WAIVED: say("免予追回", "waived"),
}


class Settlement(Form):
    """How a recovery is settled; the number counts for instalments only."""

    mode = TextChoiceField(label=say("方式", "How"), options=list(MODES.items()))
    number = forms.IntegerField(label=say("期数", "Instalments"), min_value=2, max_value=120, required=False)
    reason = forms.CharField(label=say("理由", "Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        if asked.get("mode") == Plan.Mode.INSTALMENTS and not asked.get("number") and "number" not in self.errors:
            self.add_problem("number", say("分期退回请填写期数。", "Say how many instalments."))
        return asked
