"""Targets (指标): direction, value, by when, binding or expected, soft words, what is open, as the document has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from songhe.common.days import write_day
from songhe.common.text import Text, join, say
from songhe.policy.compare.rows import Members
from songhe.policy.compare.said import Detail, Said, clauses_of, conflicts_of
from songhe.policy.package import Package
from songhe.policy.schema import Indicator, Target

_DIRECTIONS = {
    "at_least": say("不低于", "at least"),
    "at_most": say("不高于", "at most"),
    "equal": say("达到", "reaches"),
    "more_than": say("超过", "more than"),
    "less_than": say("低于", "less than"),
    "range": say("在", "from"),
    "about": say("左右", "about"),
    "open": say("（方向没有写清）", "(direction not clear)"),
}
_NATURES = {
    "binding": say("约束性", "binding"),
    "expected": say("预期性", "expected"),
    "unstated": say("文件没有写", "not written"),
}
_LEVELS = {
    "city": say("全市", "the city"),
    "county": say("每个县（市、区）", "each county"),
    "town": say("每个乡镇（街道）", "each town"),
    "village": say("每个村（社区）", "each village"),
    "each": say("各级分别", "each level by itself"),
    "open": say("没有写清", "not clear"),
}
_LEFT_OPEN = {
    "numerator": say("分子", "numerator"),
    "denominator": say("分母", "denominator"),
    "unit": say("计量单位", "unit"),
    "direction": say("方向", "direction"),
    "value": say("数值", "value"),
    "base": say("比较的基数", "base"),
    "bound": say("是否含本数", "whether the figure itself is enough"),
    "period": say("计算的期间", "period"),
}
NATURE, LEVEL, SOFT = say("性质", "Nature"), say("按哪一级算", "Counted for"), say("软性用语", "Soft words")
NUMERATOR, DENOMINATOR = say("分子", "Numerator"), say("分母", "Denominator")
RESPONSIBLE, LEFT_OPEN = say("责任单位", "Responsible"), say("没有写清的部分", "Left open")
KEPT = say("保持", "kept at every reading")
NO_FIGURE = say("没有写数", "no figure")


def say_targets(package: Package, members: Members, day: dt.date) -> Iterator[Said]:
    """Every indicator with all its targets; body and table that differ stand beside each other."""
    for id in members.indicators:
        indicator = package.indicators[id]
        clauses = clauses_of(package, indicator.clauses)
        yield Said(
            id, indicator.name, join([_target(indicator, one) for one in indicator.targets], "；", "; "), clauses,
            _details(indicator), certainty="exact" if indicator.targets[0].value else "unset",
            open=tuple(indicator.open), conflicts=conflicts_of(package, clauses),
        )  # fmt: skip


def _target(indicator: Indicator, target: Target) -> Text:
    by = write_day(target.by) if target.by else say("没有写期限", "no date written")
    figure = _figure(indicator, target)
    wording = f"（原文：{target.wording}）" if target.wording else ""
    wording_en = f" (as written: {target.wording})" if target.wording else ""
    until = say(f"到{by.zh}", f"by {by.en}") if target.by else by
    return say(f"{figure.zh}，{until.zh}{wording}", f"{figure.en}, {until.en}{wording_en}")


def _figure(indicator: Indicator, target: Target) -> Text:
    if target.value is None:
        return NO_FIGURE
    words, unit = _DIRECTIONS[indicator.direction], target.unit or ""
    value = f"{target.value}{unit}"
    if target.upper:
        return say(f"{target.value}至{target.upper}{unit}", f"{target.value} to {target.upper}{unit}")
    if indicator.direction in ("about", "open"):
        return say(f"{value}{words.zh}", f"{words.en} {value}")
    return say(f"{words.zh}{value}", f"{words.en} {value}")


def _details(indicator: Indicator) -> tuple[Detail, ...]:
    details = [Detail(NATURE, _NATURES[indicator.nature]), Detail(LEVEL, _LEVELS[indicator.level])]
    if indicator.kept:
        details.append(Detail(say("要求", "Asked"), KEPT))
    if soft := _soft(indicator):
        details.append(Detail(SOFT, say(soft, soft)))
    if indicator.left_open:
        details.append(Detail(LEFT_OPEN, join([_LEFT_OPEN[part] for part in indicator.left_open], "、", ", ")))
    if indicator.numerator:
        details.append(Detail(NUMERATOR, indicator.numerator))
    if indicator.denominator:
        details.append(Detail(DENOMINATOR, indicator.denominator))
    if indicator.responsible:
        units = "、".join(indicator.responsible)
        details.append(Detail(RESPONSIBLE, say(units, units)))
    return tuple(details)


def _soft(indicator: Indicator) -> str:
    words = [indicator.soft, *(target.soft for target in indicator.targets)]
    return "、".join(dict.fromkeys(word for word in words if word))
