"""`{% chart figure %}`: a chart of `songhe.pages.charts` with the table behind it."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from songhe.pages.charts import Chart, render

register = template.Library()


@register.simple_tag(takes_context=True)
def chart(context: Context, figure: Chart, is_open: bool = False, heading: bool = True) -> SafeString:
    """In the page's language; see `songhe.pages.charts.render`."""
    return render(figure, english=context["page"].is_english, is_open=is_open, heading=heading)
