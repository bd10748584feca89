"""Conditions, figures and sums in plain words, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from songhe.common.days import age_on, write_day
from songhe.common.division import within
from songhe.common.money import format_yuan
from songhe.common.text import Text, join, say
from songhe.policy.package import Package
from songhe.policy.parameters import show_value
from songhe.policy.schema import Parameter
from songhe.rules import tree
from songhe.rules.amount import Worth
from songhe.rules.figures import Figures
from songhe.rules.vocabulary import Value

NOT_KNOWN = say("不知道", "not known")
_OPERATORS = {
    "=": say("等于", "is"),
    "<>": say("不等于", "is not"),
    "<": say("低于", "is under"),
    "<=": say("不超过", "is at most"),
    ">": say("高于", "is over"),
    ">=": say("不低于", "is at least"),
}
_DAY_OPERATORS = {
    "=": say("就是这一天", "this very day"),
    "<": say("在这一天之前", "before this day"),
    "<=": say("不晚于这一天", "not later than this day"),
    ">": say("在这一天之后", "after this day"),
    ">=": say("不早于这一天", "not earlier than this day"),
}
_ORDER_OF_DAYS = {
    "=": say("等于", "is the same day as"),
    "<>": say("不同于", "is not the same day as"),
    "<": say("早于", "is before"),
    "<=": say("不晚于", "is not after"),
    ">": say("晚于", "is after"),
    ">=": say("不早于", "is not before"),
}


_UNITS = {
    "元": "yuan",
    "月": "a month",
    "年": "a year",
    "次": "each time",
    "日": "a day",
    "天": "a day",
    "小时": "an hour",
    "人": "per person",
    "户": "per household",
    "床": "per bed",
    "张": "per bed",
}


class Words:
    """Parts of a condition in words, for a package on a day; `area` names a division by its code."""

    def __init__(self, package: Package, day: dt.date, area: Callable[[str], Text], subject: str = "person") -> None:
        self.package = package
        self.day = day
        self.area = area
        self.vocabulary = package.vocabularies[subject]

    def label(self, fact: str) -> Text:
        return self.vocabulary.facts[fact].label

    def of(self, node: tree.Node) -> Text:
        match node:
            case tree.All(parts):
                return join([self.of(part) for part in parts], "，并且", ", and ")
            case tree.Any(parts):
                return join([self.of(part) for part in parts], "，或者", ", or ")
            case tree.Not(part):
                return self.negation(part)
            case tree.Flag(fact):
                return self.label(fact)
            case tree.Known(fact):
                label = self.label(fact)
                return say(f"已填写：{label.zh}", f"given: {label.en}")
            case tree.AgeReached(years):
                age = self.years(years)
                return say(f"满{age.zh}", f"aged {age.en} or over")
            case tree.Member(fact, values):
                return self.member(fact, values)
            case tree.Compare(fact, op, operand):
                return self.comparison(fact, op, operand)
            case tree.DayCompare(fact, op):
                label, words = self.label(fact), _DAY_OPERATORS[op]
                return say(f"{label.zh}{words.zh}", f"{label.en}: {words.en}")
            case tree.FactCompare(fact, op, other):
                words = (_ORDER_OF_DAYS if self.vocabulary.facts[fact].type == "date" else _OPERATORS)[op]
                one, two = self.label(fact), self.label(other)
                return say(f"{one.zh}{words.zh}{two.zh}", f"{one.en} {words.en} {two.en}")
            case tree.Within(fact, code):
                label, area = self.label(fact), self.area(code)
                return say(f"{label.zh}在{area.zh}", f"{label.en} in {area.en}")
            case tree.Constant(truth):
                return constant_in_words(truth)
        raise TypeError(f"{node!r} has no words")

    def negation(self, part: tree.Node) -> Text:
        match part:
            case tree.AgeReached(years):
                age = self.years(years)
                return say(f"未满{age.zh}", f"under {age.en}")
            case tree.Known(fact):
                label = self.label(fact)
                return say(f"没有填写：{label.zh}", f"not given: {label.en}")
        inner = self.of(part)
        return say(f"并非“{inner.zh}”", f"not “{inner.en}”")

    def years(self, operand: tree.Operand) -> Text:
        if isinstance(operand, tree.Literal):
            return say(f"{operand.value}周岁", f"{operand.value}")
        value = self.package.figures.value(operand.id, self.day)
        name = self.package.parameters[operand.id].name
        if value is None:
            return say(f"“{name.zh}”（没有写）", f"“{name.en}” (not written)")
        return say(f"{value}周岁", f"{value}")

    def member(self, fact: str, values: Sequence[str]) -> Text:
        labels = self.vocabulary.facts[fact].value_labels or {}
        named = [labels.get(value, Text(zh=value, en=value)) for value in values]
        label, either = self.label(fact), join(named, "、", ", ")
        return say(f"{label.zh}：{either.zh}", f"{label.en}: {either.en}")

    def comparison(self, fact: str, op: str, operand: tree.Operand) -> Text:
        label, words = self.label(fact), _OPERATORS[op]
        if isinstance(operand, tree.ParameterRef):
            name = self.package.parameters[operand.id].name
            figure = self.package.figures.value(operand.id, self.day)
            kind = self.package.parameters[operand.id].type
            shown = say("（没有写）", " (not written)") if figure is None else _brackets(figure_in_words(kind, figure))
            return say(f"{label.zh}{words.zh}{name.zh}{shown.zh}", f"{label.en} {words.en} {name.en}{shown.en}")
        value = value_in_words(fact, operand.value, self.package, self.day, self.vocabulary.subject)
        if op == "=":
            return say(f"{label.zh}：{value.zh}", f"{label.en}: {value.en}")
        return say(f"{label.zh}{words.zh}{value.zh}", f"{label.en} {words.en} {value.en}")


def _brackets(text: Text) -> Text:
    return say(f"（{text.zh}）", f" ({text.en})")


def constant_in_words(truth: bool | None) -> Text:
    return say("不设条件", "without condition") if truth else say("一律不算", "never")


def period_in_words(start: dt.date | None, end: dt.date | None) -> Text:
    """The days an item is in force."""
    first, last = start and write_day(start), end and write_day(end)
    zh = f"{first.zh + '起' if first else ''}{'，' if first and last else ''}{'到' + last.zh + '止' if last else ''}"
    en = f"{'from ' + first.en if first else ''}{' ' if first and last else ''}{'until ' + last.en if last else ''}"
    return Text(zh=zh or "任何时候", en=en or "at any time")


def value_in_words(fact: str, value: Value | None, package: Package, day: dt.date, subject: str = "person") -> Text:
    """What somebody answered, as they would say it; None is *not known*."""
    entry = package.vocabularies[subject].facts[fact]
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if isinstance(value, dt.date):
        return _day_in_words(fact, value, day)
    if entry.type == "money":
        return _yuan(int(value))
    if entry.type == "division":
        return _place(str(value), package)
    labels: Mapping[str, Text] = entry.value_labels or {}
    return labels.get(str(value), Text(zh=str(value), en=str(value)))


def _day_in_words(fact: str, value: dt.date, day: dt.date) -> Text:
    written = write_day(value)
    if fact != "birth_date" or value > day:
        return written
    age = age_on(value, day)
    return say(f"{written.zh}，{age}周岁", f"{written.en}, aged {age}")


def _yuan(fen: int) -> Text:
    text = format_yuan(fen)
    return Text(zh=text, en=f"{text.removesuffix('元')} yuan")


def _place(code: str, package: Package) -> Text:
    city = package.city
    if city is not None and within(code, city.division):
        return say(f"本市（{city.zh}）", f"in {city.en}")
    return say("外地", "elsewhere")


def unit_in_english(unit: str) -> str:
    return " ".join(_UNITS.get(part, part) for part in unit.split("/"))


def sum_in_words(fen: int, unit: str | None) -> Text:
    """`100元/月/人`, `100 yuan a month per person`."""
    number = format_yuan(fen).removesuffix("元")
    unit = unit or "元"
    return say(f"{number}{unit}", f"{number} {unit_in_english(unit)}")


def figure_in_words(kind: str, value: Value) -> Text:
    """A parameter's value: `20%`, `100元`, `80`."""
    text = show_value(kind, value)
    return say(text, text.replace("元", " yuan"))


def figure_shown(parameter: Parameter, figures: Figures, day: dt.date) -> Text:
    """A parameter on a day: its value, its floor, or that nothing is written."""
    value, floor = figures.value(parameter.id, day), figures.floor(parameter.id, day)
    if value is not None:
        return figure_in_words(parameter.type, value)
    if floor is not None:
        low = figure_in_words(parameter.type, floor)
        return say(f"不低于 {low.zh}", f"at least {low.en}")
    return say("文件没有写", "not written")


def worth_in_words(amount: Worth, unit: str | None) -> Text:
    """An amount on a day: a sum, a floor, or that nothing is written."""
    if amount.fen is None:
        if amount.kind == "at_least":
            return say(
                "文件只写了最低比例，没有写基数，算不出金额",
                "Only a lowest share is written, not of what",
            )
        return say("文件没有写金额", "The document gives no amount")
    written = sum_in_words(amount.fen, unit)
    if amount.kind == "at_least":
        return say(f"不低于 {written.zh}", f"at least {written.en}")
    return written
