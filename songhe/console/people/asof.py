"""As of when a file is read: valid on one day, and known at one moment."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone

from songhe.common.days import DayProblem, read_day
from songhe.common.text import say
from songhe.console.forms import DayField, Form, Problem

_WITH_TIME = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})")


class MomentField(forms.CharField):
    """A moment in China's time: `2024-05-01 09:30`, or a day, which means its end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs.update(placeholder="2024-05-01 09:30", autocomplete="off", size="16")

    def clean(self, value: Any) -> dt.datetime | None:
        text = super().clean(value).strip()
        if not text:
            return None
        match = _WITH_TIME.fullmatch(text)
        try:
            day = read_day(match[1] if match else text)
            time = dt.time(int(match[2]), int(match[3])) if match else dt.time.max
        except DayProblem as problem:
            raise Problem(problem.text) from None
        except ValueError:
            raise Problem(say("时间有误，例如 09:30。", "There is no such time; write it like 09:30.")) from None
        return timezone.make_aware(dt.datetime.combine(day, time))


class AsOf(Form):
    valid_on = DayField(label=say("有效日期", "Valid on"), required=False)
    known_at = MomentField(label=say("知悉时间", "As known at"), required=False)

    @property
    def day(self) -> dt.date | None:
        return self.cleaned_data.get("valid_on") if self.is_valid() else None

    @property
    def moment(self) -> dt.datetime | None:
        return self.cleaned_data.get("known_at") if self.is_valid() else None
