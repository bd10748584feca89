"""Which report is to be made, and why a publication ends."""

from __future__ import annotations

from typing import Any

from django import forms

from songhe.common.text import say
from songhe.console.forms import Form, Problem
from songhe.console.places import NOWHERE, DivisionField
from songhe.reports.errors import ReportError
from songhe.reports.period import Period, read_period


class PeriodField(forms.CharField):
    """`2024-05`, `2024年5月` or `2024`. Cleans to a Period."""

    def clean(self, value: Any) -> Period:
        try:
            return read_period(super().clean(value))
        except ReportError as error:
            raise Problem(say(error.zh, error.en)) from None


class NewReport(Form):
    division = DivisionField(label=say("区划", "Division"))
    period = PeriodField(label=say("月份或年份", "Month or year"), max_length=20)

    def __init__(self, *args: Any, within: frozenset[int] = NOWHERE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].within = within
        self.fields["period"].widget.attrs.update(placeholder="2024-05", autocomplete="off")


class Reason(Form):
    reason = forms.CharField(label=say("事由", "Reason"), max_length=300)
