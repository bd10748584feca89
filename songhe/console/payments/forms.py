"""Fields of every form about money: sums, months, fractions, and choices that the database offers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms

from songhe.common.text import Text, say
from songhe.console.forms import Form, Problem, TextChoiceField
from songhe.payment.files.order import parse_yuan

_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")
_FRACTION = re.compile(r"(\d{1,6})(?:\.(\d{1,4}))?(%?)|(\d{1,6})/(\d{1,6})")
_NO_SUM = say("金额有误，写作 1234.50。", "It is no sum; write it like 1234.50.")
_NO_MONTH = say("月份有误，写作 2024-07。", "It is no month; write it like 2024-07.")
_NO_FRACTION = say("比例有误，写作 60% 或 1/3。", "It is no share; write it like 60% or 1/3.")
DOCUMENT = say("依据文件", "Document")


class FenField(forms.CharField):
    """A sum in yuan as people write it, as integer fen; `signed` allows less than nothing."""

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.signed = signed
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", placeholder="1234.50")

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip().removesuffix("元").replace("，", ",").strip()
        if not text:
            return None
        negative = self.signed and text[0] in "-－−"
        try:
            fen = parse_yuan(text[1:] if negative else text)
        except ValueError:
            raise Problem(_NO_SUM) from None
        return -fen if negative else fen


class MonthField(forms.CharField):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs.update(placeholder="2024-07", autocomplete="off", size="8")

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value).strip()
        if not text:
            return None
        match = _MONTH.fullmatch(text)
        try:
            return dt.date(int(match[1]), int(match[2]), 1) if match else _no_month()
        except ValueError:
            return _no_month()

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value


def _no_month() -> dt.date:
    raise Problem(_NO_MONTH)


class ShareField(forms.CharField):
    """A share, `60%`, `1/3` or `0.6`, as an exact Fraction; nothing for a field left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=15, required=False, **kwargs)
        self.widget.attrs.update(placeholder="60%", autocomplete="off", size="8")

    def clean(self, value: Any) -> Fraction | None:
        text = super().clean(value).replace(" ", "").replace("％", "%").replace("／", "/")
        if not text:
            return None
        match = _FRACTION.fullmatch(text)
        if match is None or (match[5] and not int(match[5])):
            raise Problem(_NO_FRACTION)
        if match[4]:
            return Fraction(int(match[4]), int(match[5]))
        plain = Fraction(f"{match[1]}.{match[2] or 0}")
        return plain / 100 if match[3] else plain


class ManyField(forms.MultipleChoiceField):
    """Several of (value, Text); the template shows each as a box in the page's language."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, options: Sequence[tuple[str, Text]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self, options)


def offer(field: forms.Field, options: Sequence[tuple[str, Text]]) -> None:
    """What a field lets people choose among."""
    field.options = tuple(options)
    field.choices = [(value, value) for value, _ in options]


def choice(text: Text, options: Sequence[tuple[str, Text]], **kwargs: Any) -> TextChoiceField:
    return TextChoiceField(label=text, options=options, **kwargs)


class Document(Form):
    """What needs no more than the paper on which it rests."""

    document = forms.CharField(label=DOCUMENT, max_length=120)


class Reason(Form):
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)
