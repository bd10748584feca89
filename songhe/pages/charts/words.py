"""The words of charts, and choosing a language."""

from __future__ import annotations

from collections.abc import Callable

from songhe.common.text import Text, say
from songhe.pages.charts.model import Label

Speak = Callable[[Label], str]

UNKNOWN = say("未知", "not known")
FIGURES = say("数据表", "Table of the figures")
ANSWER = say("结果", "Answer")
NOTE = say("说明", "Note")
SHARE = say("占比", "Share")
TOTAL = say("合计", "Total")
TARGET = say("目标", "Target")


def speaker(*, english: bool) -> Speak:
    """Texts of both languages in one of them; plain texts as they are."""
    language = "en" if english else "zh"
    return lambda value: value.in_language(language) if isinstance(value, Text) else value
