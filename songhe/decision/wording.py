"""Why an indicator was judged as it was, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from songhe.common.days import write_day
from songhe.common.text import Text, join, say
from songhe.decision.figure import Ends, Part, Reading, shown, written
from songhe.decision.goal import MET, NOT_MET, UNDETERMINED, Goal
from songhe.decision.openness import Terms
from songhe.policy.indicator import Indicator, Target
from songhe.policy.schema import Period

PART_NAMES = {
    "numerator": say("分子（计入哪些）", "the numerator"),
    "denominator": say("分母", "the denominator"),
    "unit": say("单位", "the unit"),
    "direction": say("方向", "the direction"),
    "value": say("数值", "the figure"),
    "base": say("基期", "the base"),
    "bound": say("是否含本数", "whether the figure itself is enough"),
    "period": say("计算期间", "the period"),
}
ANSWERS = {
    MET: say("达到", "met"),
    NOT_MET: say("未达到", "not met"),
    UNDETERMINED: say("不能断定", "undetermined"),
}
_ABOUT = say("“左右”没有写界线，只有正好相等才能断定", "“About” has no written bound; only the figure itself is sure")
_SHOWN = 20


def reasons(
    indicator: Indicator, terms: Terms, reading: Reading, ends: Ends | None, answer: str, *, is_total: bool
) -> list[Text]:
    """The arithmetic, and what is missing where there is no answer; a total over places is only told."""
    said = _what_is_open(terms)
    if reading.numerator is None:
        return [*said, say("没有数据", "There are no figures")]
    if ends is None:
        return [*said, _no_value(terms, reading)]
    if is_total and terms.scale is None and reading.numerator is not None:
        return [*said, say(f"合计{written(reading.numerator)}", f"{written(reading.numerator)} in total")]
    if not terms.is_blocked:
        said += _compared(indicator, terms, reading, ends, answer)
    return said


def _what_is_open(terms: Terms) -> list[Text]:
    said = []
    if terms.open_parts:
        names = join([PART_NAMES[part] for part in terms.open_parts], "、", ", ")
        said.append(say(f"文件没有写明{names.zh}", f"The document leaves open {names.en}"))
    if terms.later is not None:
        day = write_day(terms.later.valid_from)
        said.append(say(f"{day.zh}起才有界定（{terms.later.document}）", f"It is defined only from {day.en}"))
    if (defined := terms.definition) is not None:
        names = join([PART_NAMES[part] for part in sorted(defined.parts)], "、", ", ")
        day = write_day(defined.valid_from)
        said.append(
            say(
                f"{names.zh}按{defined.document}自{day.zh}起的界定",
                f"Defined from {day.en} by {defined.document}: {names.en}",
            )
        )
    return said


def _no_value(terms: Terms, reading: Reading) -> Text:
    if reading.denominator is None:
        return say("没有分母，不能算出比例", "Without a denominator there is no ratio")
    return say("分母为零，不能计算", "The denominator is zero, so nothing can be computed")


def _compared(indicator: Indicator, terms: Terms, reading: Reading, ends: Ends, answer: str) -> list[Text]:
    goal = terms.goal
    if goal.value is None:
        return [say("要与上年同期比，没有上年的数", "It is compared with the year before, whose figure is missing")]
    said = [_arithmetic(reading, ends, goal, answer)]
    if terms.is_narrow and reading.possible is None and indicator.narrow is not None:
        narrow = indicator.narrow
        said.append(say(f"按最窄的口径计：{narrow.zh}", f"Counted most narrowly: {narrow.en}"))
    if not ends.is_sure and reading.unknown:
        said.append(_unknown(reading, ends, goal, answer))
    if goal.direction == "about" and answer == UNDETERMINED:
        said.append(_ABOUT)
    elif answer == UNDETERMINED and ends.is_sure:
        said.append(_undecided(goal, ends))
    return said


def _arithmetic(reading: Reading, ends: Ends, goal: Goal, answer: str) -> Text:
    value, result, counted = _value(ends.low, goal), ANSWERS[answer], _counted(reading)
    if "/" not in counted:
        return say(f"{value}，目标{goal.written}，{result.zh}", f"{value}; target {goal.written}: {result.en}")
    # Where it is not known of how many, the count that is sure does not give the least value.
    is_least = reading.possible_denominator not in (None, reading.denominator)
    zh, en = ("至少", "is at least") if is_least else ("即", "is")
    return say(
        f"{counted}，{zh}{value}，目标{goal.written}，{result.zh}",
        f"{counted} {en} {value}; target {goal.written}: {result.en}",
    )


def _counted(reading: Reading) -> str:
    """`13,001/30,000`; of a denominator that may be greater, from what to what: `3/5—6`."""
    if reading.numerator is None or reading.denominator is None:
        return "" if reading.numerator is None else written(reading.numerator)
    base, most = written(reading.denominator), reading.possible_denominator
    more = f"—{written(most)}" if most is not None and most != reading.denominator else ""
    return f"{written(reading.numerator)}/{base}{more}"


def _value(value: Fraction, goal: Goal) -> str:
    return f"{shown(value, goal.value):,}{goal.unit or ''}"


def _unknown(reading: Reading, ends: Ends, goal: Goal, answer: str) -> Text:
    count = written(reading.unknown)
    high = _value(ends.high, goal) if ends.high is not None else "？"
    low = _value(ends.low, goal)
    if answer == UNDETERMINED:
        return say(
            f"有{count}个未知，结论取决于它们：在{low}与{high}之间",
            f"Unknown: {count}, and the answer hangs on it: between {low} and {high}",
        )
    return say(f"有{count}个未知，怎样算结论都一样", f"Unknown: {count}; the answer is the same either way")


def _undecided(goal: Goal, ends: Ends) -> Text:
    if goal.value is not None and ends.low == goal.value:
        return say(
            "正好等于所写的数，是否算达到没有写", "It is exactly the figure; whether that is enough is not written"
        )
    if goal.value is not None and ends.low > goal.value:
        return say("高于所写的数，是否符合没有写", "It is above the figure; whether that fits is not written")
    return say("低于所写的数，是否符合没有写", "It is below the figure; whether that fits is not written")


# -- places


def places(
    indicator: Indicator,
    answer: str,
    total: str,
    failing: Sequence[Part],
    known: int,
    count: int | None,
    *,
    is_total: bool,
) -> list[Text]:
    """What the places below say beside the total."""
    said = []
    if is_total:
        said.append(_every(indicator, answer, known, count))
    if indicator.level == "open" and answer != total:
        said.append(
            say(
                "按合计算还是各地分别达到没有写，两种读法结果不同",
                "Whether the whole or each place must reach it is not written, and the readings differ",
            )
        )
    if failing:
        names = "、".join(part.label for part in failing[:_SHOWN])
        more = "等" if len(failing) > _SHOWN else ""
        said.append(
            say(
                f"未达到的下级（{len(failing)}个）：{names}{more}",
                f"{len(failing)} below fall short: {names}{' …' if more else ''}",
            )
        )
    return said


def _every(indicator: Indicator, answer: str, known: int, count: int | None) -> Text:
    each = {"county": say("县", "county"), "town": say("乡镇街道", "town"), "village": say("村社区", "village")}
    place = each[indicator.level]
    if answer == NOT_MET:
        return say(
            f"目标按每个{place.zh}写，合计不能代替", f"The target is for every {place.en}; a total does not replace it"
        )
    if answer == MET:
        return say(f"{known}个{place.zh}全部达到", f"All {known} reach it, {place.en} by {place.en}")
    of = f"一共{count}个" if count is not None else "不知道一共几个"
    return say(
        f"目标按每个{place.zh}写，现有{known}个{place.zh}的数，{of}",
        f"The target is for every {place.en}; figures of {known} are known, of {'?' if count is None else count}",
    )


# -- days


def dips(days: Sequence[dt.date]) -> list[Text]:
    if not days:
        return []
    zh = "、".join(write_day(day).zh for day in days)
    en = ", ".join(write_day(day).en for day in days)
    return [
        say(
            f"目标是保持，计划期内曾低于目标：{zh}；恢复后仍按未保持",
            f"It was to be kept and fell below within the plan: {en}; having recovered it still was not kept",
        )
    ]


def days(target: Target, as_of: dt.date, plan: Period) -> list[Text]:
    """How far off the deadline is, and whether the day lies outside the plan."""
    said = []
    if target.by is None:
        said.append(say("没有写期限", "No date is written"))
    elif as_of < target.by:
        left, day = (target.by - as_of).days, write_day(target.by)
        said.append(say(f"期限{day.zh}，还有{left}天", f"Due {day.en}, {left} days left"))
    else:
        day = write_day(target.by)
        said.append(say(f"期限{day.zh}已到", f"Due since {day.en}"))
    if plan.start is not None and as_of < plan.start:
        said.append(say("早于计划期", "Before the plan begins"))
    if plan.end is not None and as_of > plan.end:
        said.append(say("计划期已结束", "After the plan has ended"))
    return said


def notes(indicator: Indicator, target: Target, at: str) -> list[Text]:
    """Soft words, what the document leaves unclear, and whom the target binds."""
    said = []
    if soft := target.soft or indicator.soft:
        said.append(say(f"文件用词是“{soft}”，照原样显示", f"The document's word is “{soft}”, kept as such"))
    if indicator.level == "city" and at != "city":
        said.append(
            say("这是下级的数，与全市的目标相比", "A figure of a place below, held against the target of the whole")
        )
    return [*said, *(say(f"注：{note.zh}", f"Note: {note.en}") for note in indicator.open)]
