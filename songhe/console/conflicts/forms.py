"""How a conflict is settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import DayField, Form, TextChoiceField
from songhe.console.people.forms import value_field

OTHER = "other"


class Settle(Form):
    """One of the claims, by the id of its record, or another value."""

    choice = TextChoiceField(label=say("以哪个为准", "What holds"), options=[], widget=forms.RadioSelect)
    valid_from = DayField(label=say("起（含当日）", "From (included)"), required=False)
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)

    def __init__(self, *args: Any, fact: str, claims: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [*claims, (OTHER, say("以上都不对，应为：", "None of these, but:"))]
        choice = self.fields["choice"]
        choice.options, choice.choices = options, [(value, value) for value, _ in options]
        field = value_field(fact, required=False, text=say("其他值", "Another value"))
        field.widget.attrs.setdefault("class", "form-select" if isinstance(field, TextChoiceField) else "form-control")
        self.fields = {"choice": choice, "value": field} | self.fields

    @property
    def choice_problems(self) -> list[Text]:
        return self.problems_of("choice")

    def clean(self) -> None:
        is_other = self.cleaned_data.get("choice") == OTHER
        if is_other and self.cleaned_data.get("value") in (None, "") and "value" not in self.errors:
            self.add_problem("value", say("请填写应为何值。", "Say what it should be."))
