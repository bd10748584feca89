"""Tags of every page: texts in the page's language. The context holds `page`, which says `is_english`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html

from songhe.common.days import write_day
from songhe.common.text import Text

register = template.Library()


def in_language(value: Any, *, english: bool) -> Any:
    """A text of both languages, or a day, in one of them; everything else as it is."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = write_day(value)
    return value.in_language("en" if english else "zh") if isinstance(value, Text) else value


@register.simple_tag(takes_context=True)
def t(context: Context, zh: str, en: str, en_one: str = "", **values: Any) -> str:
    """The text of the page's language; `{name}` takes a value, and `en_one` is the English for an `n` of one."""
    english = context["page"].is_english
    text = (en_one if en_one and values.get("n") == 1 else en) if english else zh
    shown = {name: in_language(value, english=english) for name, value in values.items()}
    return format_html(text, **shown) if values else text


@register.simple_tag(takes_context=True)
def say(context: Context, value: Any) -> Any:
    """A text of both languages, or a day, in the page's language."""
    return in_language(value, english=context["page"].is_english)
