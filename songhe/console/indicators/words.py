"""Indicators in people's words."""

from __future__ import annotations

from songhe.common.text import Text, say
from songhe.decision import wording
from songhe.decision.figure import Reading
from songhe.decision.indicator import MET, NOT_MET, UNDETERMINED
from songhe.indicators.exact import shown
from songhe.pages.charts import State

_LOOKS = {MET: "text-bg-success", NOT_MET: "text-bg-danger", UNDETERMINED: "text-bg-warning"}
ANSWERS = {answer: (wording.ANSWERS[answer], look) for answer, look in _LOOKS.items()}
STATES = {MET: State.MET, NOT_MET: State.NOT_MET, UNDETERMINED: State.UNDETERMINED}
NATURES = {
    "binding": say("约束性", "binding"),
    "expected": say("预期性", "expected"),
    "unstated": say("未写性质", "nature not stated"),
}
SOURCES = {
    "computed": say("平台记录核算", "counted from records"),
    "entered": say("填报", "entered"),
    "summed": say("下级填报汇总", "sum of those below"),
    "": say("无数据", "no figure"),
}
SIDES = {
    "numerator": say("分子", "Numerator"),
    "denominator": say("分母", "Denominator"),
    "widest": say("分子（最宽口径）", "Numerator, read most widely"),
}
DIRECTIONS = {
    "at_least": say("不低于", "at least"),
    "at_most": say("不高于", "at most"),
    "equal": say("等于", "equal to"),
    "more_than": say("高于", "more than"),
    "less_than": say("低于", "less than"),
}
BOUNDS = {"included": say("含本数", "the figure itself is enough"), "excluded": say("不含本数", "it must be passed")}
OUTCOMES = {
    "": (say("待复核", "to be confirmed"), "text-bg-warning"),
    "confirmed": (say("已复核", "confirmed"), "text-bg-success"),
    "returned": (say("已退回", "returned"), "text-bg-secondary"),
}
KINDS = {
    "person": say("老年人", "Older people"),
    "institution": say("养老机构", "Institutions"),
    "estate": say("小区", "Estates"),
    "estate_pool": say("合建片区", "Pools of estates"),
    "division": say("区划", "Divisions"),
    "case": say("办件", "Cases"),
    "fund": say("资金", "Funds"),
}


def reading_text(reading: Reading | None) -> Text:
    """`13,001 / 30,000`, and of how many it is not known whether they count."""
    if reading is None or (reading.numerator is None and reading.denominator is None):
        return say("—", "—")
    text = shown(reading.numerator)
    if reading.denominator is not None:
        text += f" / {shown(reading.denominator)}"
    if reading.unknown:
        more = shown(reading.unknown)
        return say(f"{text}（另有{more}不能断定）", f"{text} ({more} more may count)")
    return say(text, text)


def part_name(name: str) -> Text:
    return wording.PART_NAMES[name]
