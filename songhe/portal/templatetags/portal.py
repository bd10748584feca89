"""Tags of the public page: texts in the page's language, links that keep it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html

from songhe.common.text import Text
from songhe.portal.days import write_day
from songhe.portal.page import Page

register = template.Library()


def _page(context: Context) -> Page:
    page = context["page"]
    assert isinstance(page, Page)
    return page


def _shown(value: Any, page: Page) -> Any:
    if isinstance(value, dt.date):
        value = write_day(value)
    return value.in_language(page.language) if isinstance(value, Text) else value


@register.simple_tag(takes_context=True)
def t(context: Context, zh: str, en: str, en_one: str = "", **values: Any) -> str:
    """The text of the page's language; `{name}` takes a value, and `en_one` is the English for an `n` of one."""
    page = _page(context)
    english = en_one if en_one and values.get("n") == 1 else en
    text = english if page.is_english else zh
    return format_html(text, **{name: _shown(value, page) for name, value in values.items()}) if values else text


@register.simple_tag(takes_context=True)
def say(context: Context, value: Any) -> Any:
    """A text of both languages, or a day, in the page's language."""
    return _shown(value, _page(context))


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *arguments: Any, **places: Any) -> str:
    return _page(context).link(name, *arguments, **places)
