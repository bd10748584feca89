"""What is asked about figures and definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.indicators.words import BOUNDS, DIRECTIONS, part_name
from songhe.indicators.definitions import WORDS

_OPTIONS = {"direction": DIRECTIONS, "bound": BOUNDS}
_NONE = ("", say("不界定", "not defined here"))


class Figures(Form):
    day = DayField(label=say("截至日期", "As of"))
    numerator = forms.CharField(label=say("分子", "Numerator"), max_length=40, required=False)
    denominator = forms.CharField(label=say("分母", "Denominator"), max_length=40, required=False)
    document = forms.CharField(label=say("依据", "It rests on"), max_length=200)
    note = forms.CharField(
        label=say("说明", "Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=say("佐证材料", "Evidence"), required=False, allow_empty_file=False)


class Parts(Form):
    """A field for each part that is open."""

    document = forms.CharField(label=say("依据文件", "Document that lays it down"), max_length=200)
    valid_from = DayField(label=say("起", "From"))

    def __init__(self, *args: Any, parts: Sequence[str], **kwargs: Any) -> None:
        self.parts = tuple(parts)
        for name in self.parts:
            self.base_fields = {**self.base_fields, name: _field(name)}
        super().__init__(*args, **kwargs)

    def laid_down(self) -> dict[str, Text | str]:
        return {name: value for name in self.parts if (value := self.cleaned_data.get(name))}


def _field(name: str) -> forms.Field:
    if name in _OPTIONS:
        return TextChoiceField(label=part_name(name), options=[_NONE, *_OPTIONS[name].items()], required=False)
    longest = 300 if name in WORDS else 40
    return forms.CharField(label=part_name(name), max_length=longest, required=False)


class Settling(Form):
    reason = forms.CharField(
        label=say("退回理由（留空为复核通过）", "Why it is returned (empty: it is confirmed)"),
        max_length=300,
        required=False,
    )


class Counting(Form):
    last = DayField(label=say("最后一日", "Last day"))
    months = forms.IntegerField(label=say("月数", "Months"), min_value=1, max_value=60, initial=1)
    package = TextChoiceField(label=say("政策包", "Package"), options=[])

    def __init__(self, *args: Any, packages: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["package"].options = tuple(packages)
        self.fields["package"].choices = [(value, value) for value, _ in packages]
