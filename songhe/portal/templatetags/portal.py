"""Tags of the public page: links that keep its language and text size."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from songhe.portal.page import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *arguments: Any, **places: Any) -> str:
    page = context["page"]
    assert isinstance(page, Page)
    return page.link(name, *arguments, **places)
