"""Every indicator of the document with its figure, each target and what it answers, and where the figure is from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from songhe.common.text import Text, join, say
from songhe.decision.indicator import Judgement
from songhe.decision.wording import ANSWERS
from songhe.indicators.queries import Standing, standings
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Row, Section, Share, Table

_BASIS = say(
    "截至本期末最近的数据；按分数精确比较，不先取整；文件未写明的，不作断定。",
    "The latest figures up to the end of the period, compared as exact fractions and never rounded first; what the "
    "document leaves open is not decided.",
)
_EMPTY = say("此地的文件没有指标。", "No document of this place has indicators.")
_SOURCES = {
    "computed": say("平台记录", "the platform’s records"),
    "entered": say("填报并附依据", "entered with evidence"),
    "summed": say("下级填报之和", "sum of what those below entered"),
    "": say("尚无数据", "no figure yet"),
}
_DIRECTIONS = {
    "at_least": say("不低于", "at least"),
    "at_most": say("不高于", "at most"),
    "equal": say("等于", "exactly"),
    "more_than": say("高于", "more than"),
    "less_than": say("低于", "less than"),
    "range": say("在", "within"),
    "about": say("约", "about"),
    "open": say("（方向未写明）", "(direction left open)"),
}
_PEOPLE = ("person", "case")
_FIGURES = ("numerator", "denominator")


def gather(asked: Asked, title: Text) -> Section:
    found = _found(asked) if asked.package is not None else []
    table = Table(
        id="indicators",
        title=say("指标和目标", "Indicators and their targets"),
        basis=_BASIS,
        columns=(
            Column(id="indicator", name=say("指标", "Indicator")),
            Column(id="numerator", name=say("分子或数值", "Numerator or number"), kind="count"),
            Column(id="denominator", name=say("分母", "Denominator"), kind="count"),
            Column(id="share", name=say("比例", "Share"), kind="share"),
            Column(id="day", name=say("数据日期", "Day of the figure"), kind="date"),
            Column(id="target", name=say("目标", "Target")),
            Column(id="answer", name=say("结论", "Answer"), follows=_FIGURES),
            Column(id="why", name=say("理由", "Why"), is_internal=True),
            Column(id="source", name=say("数据来源", "Where it is from")),
        ),
        rows=tuple(row for one in found for row in _rows(one)),
        shares=(Share(share="share", numerator="numerator", denominator="denominator"),),
        publish=asked.publish.get("indicators", "no"),
        scope=f"indicators-{asked.grid.top.code}",
        empty=_EMPTY,
    )
    return Section(id="indicators", title=title, tables=(table,))


def _found(asked: Asked) -> list[Standing]:
    assert asked.package is not None
    return standings(asked.user, asked.package, asked.division, asked.as_of, known=asked.known_at)


def _rows(one: Standing) -> Iterator[Row]:
    """One for each target: a body and a table that disagree are two."""
    for number, judgement in enumerate(one.judgements, start=1):
        yield _row(one, f"{one.indicator.id}/{number}", judgement)
    if not one.judgements:
        yield _row(one, one.indicator.id, None)


def _row(one: Standing, id: str, judgement: Judgement | None) -> Row:
    reading = one.reading
    top, below = (reading.numerator, reading.denominator) if reading else (None, None)
    why = judgement.why if judgement else one.why
    cells = (
        one.indicator.name,
        _whole(top),
        _whole(below),
        f"{top / below}" if top is not None and below else None,
        one.reading_day.isoformat() if one.reading_day else None,
        _target(judgement) if judgement else None,
        ANSWERS[judgement.answer if judgement else one.answer],
        join(why, "；", "; ") if why else None,
        _SOURCES[one.source],
    )
    clauses = judgement.clauses if judgement else tuple(one.indicator.clauses)
    return Row(id=id, cells=cells, clauses=clauses, people=_counts_people(one), same_as=one.indicator.id)


def _whole(number: Fraction | None) -> int | str | None:
    """A count is whole; what is not, such as square metres, is told as it is."""
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else str(number)


def _target(judgement: Judgement) -> Text:
    target, unit = judgement.target, judgement.goal.unit or ""
    if target.wording:
        return say(target.wording, target.wording)
    value = f"{target.value or ''}{f'–{target.upper}' if target.upper else ''}{unit}"
    way = _DIRECTIONS[judgement.indicator.direction]
    soft = f"（{judgement.soft}）" if judgement.soft else ""
    by = f"，{target.by.isoformat()}" if target.by else ""
    return say(f"{way.zh}{value}{soft}{by}", f"{way.en} {value}{f' ({judgement.soft})' if soft else ''}{by}")


def _counts_people(one: Standing) -> bool:
    """What the records do not say is taken to be people: it is better to withhold too much."""
    computed = one.indicator.computed
    measures = [computed.numerator, computed.denominator] if computed else [None]
    return any(measure is None or measure.subject in _PEOPLE for measure in measures)
