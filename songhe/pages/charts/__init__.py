"""Charts drawn on the server (图表): SVG without script, each with the table of its figures behind it.

Data classes in, HTML out: `{% load charts %}{% chart figure %}` in a template, or `render(figure, english=…)`. What is
not known is a gap and never zero; what is undetermined has a sign of its own; no colour says anything that a sign or a
pattern does not say too. A page that shows charts links `pages/charts.css`; the console's pages do.
"""

from songhe.pages.charts.model import (
    Band,
    Bars,
    Chart,
    Mark,
    Number,
    Pyramid,
    Shares,
    Spark,
    State,
    Tiles,
    Trend,
    cut_percent,
    written,
)
from songhe.pages.charts.render import render

__all__ = [
    "Band",
    "Bars",
    "Chart",
    "Mark",
    "Number",
    "Pyramid",
    "Shares",
    "Spark",
    "State",
    "Tiles",
    "Trend",
    "cut_percent",
    "render",
    "written",
]
