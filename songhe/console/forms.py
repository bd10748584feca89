"""Django's forms in two languages: labels, hints and problems are `Text`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from songhe.common.days import DayProblem, read_day
from songhe.common.text import Text, say

# By the codes of Django's validators; `{limit}` is what they were given.
_PROBLEMS = {
    "required": say("请填写。", "Please fill this in."),
    "invalid": say("填写有误，请核对。", "This is not right; please check it."),
    "invalid_choice": say("请从列表中选择。", "Please choose from the list."),
    "max_length": say("太长，最多{limit}个字。", "Too long: at most {limit} characters."),
    "min_length": say("太短，至少{limit}个字。", "Too short: at least {limit} characters."),
    "max_value": say("不能大于{limit}。", "At most {limit}."),
    "min_value": say("不能小于{limit}。", "At least {limit}."),
    "empty": say("文件是空的。", "The file is empty."),
}


class Problem(ValidationError):
    """What is wrong with a field, in both languages: raised in a form's `clean…`, or given to `add_problem`."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh, code="problem")
        self.text = text


class Form(forms.Form):
    """A form whose labels are `Text`. `problems` says what was wrong, by field; "" is the form as a whole."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            _dress(f"id_{name}", field.widget)

    def add_problem(self, field: str | None, text: Text) -> None:
        self.add_error(field, Problem(text))

    def problems_of(self, name: str) -> list[Text]:
        return [_said(error) for error in self.errors.as_data().get(name, [])] if self.is_bound else []

    @property
    def problems(self) -> list[Text]:
        """Those of no single field."""
        return self.problems_of(forms.forms.NON_FIELD_ERRORS)


def _said(error: ValidationError) -> Text:
    if isinstance(error, Problem):
        return error.text
    problem = _PROBLEMS.get(error.code or "", _PROBLEMS["invalid"])
    limit = (error.params or {}).get("limit_value", "")
    return say(problem.zh.format(limit=limit), problem.en.format(limit=limit))


def _dress(id: str, widget: forms.Widget) -> None:
    kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        kind = "form-check-input"
    widget.attrs.setdefault("class", kind)


class DayField(forms.CharField):
    """A day as people write it: 2024-05-01, 2024年5月1日, 20240501."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs.update(placeholder="2024-05-01", autocomplete="off", size="12")

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_day(text)
        except DayProblem as problem:
            raise Problem(problem.text) from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.date) else value


class TextChoiceField(forms.TypedChoiceField):
    """A choice among (value, Text); the template shows each in the page's language."""

    def __init__(self, *, options: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(choices=[(value, value) for value, _ in options], empty_value="", **kwargs)
        self.options = tuple(options)


__all__ = ["DayField", "Form", "Problem", "TextChoiceField"]
