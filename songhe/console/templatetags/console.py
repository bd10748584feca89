"""Tags of the console: a field of a form, a moment, the place of a division."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone

from songhe.common.money import format_yuan
from songhe.console.forms import Form, TextChoiceField
from songhe.pages.templatetags.pages import in_language
from songhe.rules.quantity import plain_number

register = template.Library()


@register.inclusion_tag("console/_field.html", takes_context=True)
def field(context: Context, bound: BoundField, hint: str = "", size: str = "") -> dict[str, Any]:
    """Label, input, hint and problems of one field, tied together for who listens to the page."""
    form: Form = bound.form
    problems = form.problems_of(bound.name)
    page = context["page"]
    described = [f"{bound.auto_id}-problem"] if problems else []
    described += [f"{bound.auto_id}-hint"] if hint else []
    attributes = {"aria-describedby": " ".join(described)} if described else {}
    if problems:
        attributes |= {"aria-invalid": "true", "class": f"{bound.field.widget.attrs.get('class', '')} is-invalid"}
    if bound.field.required:
        attributes["aria-required"] = "true"
    if isinstance(bound.field, TextChoiceField):
        bound.field.widget.choices = [
            (value, in_language(text, english=page.is_english)) for value, text in bound.field.options
        ]
    return {
        "page": page,
        "bound": bound,
        "input": bound.as_widget(attrs=attributes),
        "problems": problems,
        "hint": hint,
        "size": size,
        "is_check": getattr(bound.field.widget, "input_type", "") == "checkbox",
    }


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`2026-11-22 09:05`, in China's time; nothing for no moment."""
    return "" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def yuan(fen: int | None) -> str:
    """`12345` fen as `123.45元`; nothing for no sum."""
    return "" if fen is None else format_yuan(fen)


@register.filter
def month(value: dt.date | None) -> str:
    """`2026-07`, for tables; nothing for no month."""
    return "" if value is None else f"{value:%Y-%m}"


@register.filter
def iso(value: dt.date | None) -> str:
    """`2026-11-22`, for tables; nothing for no day."""
    return "" if value is None else value.isoformat()


@register.filter
def exact(value: Fraction | None) -> str:
    """A quantity as it is, never rounded: `372.3`, and what no decimal says as a fraction; nothing for none."""
    return "" if value is None else str(plain_number(value))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query of this page with some values changed; an empty one is left out, and so is the cursor."""
    values = context["request"].GET.copy()
    values.pop("cursor", None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"
