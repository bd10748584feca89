"""Standings as the lines of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from songhe.common.text import Text, say
from songhe.console.indicators.spot import Spot
from songhe.console.indicators.words import ANSWERS, NATURES, SOURCES, reading_text
from songhe.decision.indicator import MET, NOT_MET, UNDETERMINED, Judgement
from songhe.divisions.queries import Node
from songhe.indicators.standing import Standing

_ORDER = {NOT_MET: 0, UNDETERMINED: 1, MET: 2}


_HALF = say("分母由记录核算，分子待填报", "denominator from records; the numerator is to be entered")
_ENDLESS = say("记录不全，无法合计", "the records lack what would be added up")


@dataclass(frozen=True)
class Row:
    standing: Standing
    address: str

    @property
    def word(self) -> Text:
        return ANSWERS[self.standing.answer][0]

    @property
    def colour(self) -> str:
        return ANSWERS[self.standing.answer][1]

    @property
    def reading(self) -> Text:
        return reading_text(self.standing.reading)

    @property
    def source(self) -> Text:
        reading = self.standing.reading
        if self.standing.source == "computed" and reading is not None and reading.numerator is None:
            return _HALF if _is_entered(self.standing) else _ENDLESS
        return SOURCES[self.standing.source]

    @property
    def nature(self) -> Text:
        return NATURES[self.standing.indicator.nature]

    @cached_property
    def value(self) -> str:
        return value_of(self.standing.judgements)

    @property
    def targets(self) -> list[str]:
        return list(dict.fromkeys(goal_of(one) for one in self.standing.judgements))

    @property
    def reason(self) -> Text | None:
        """Why, in one line: the first that is said."""
        return next(iter(self.standing.why), None)

    @property
    def failing(self) -> int:
        return max((len(one.failing) for one in self.standing.judgements), default=0)


def _is_entered(standing: Standing) -> bool:
    """Whether the records have no numerator for it."""
    rule = standing.package.computed.get(standing.indicator.id)
    return rule is not None and rule.numerator is None


def value_of(judgements: Iterable[Judgement]) -> str:
    """The figure with its unit; nothing where there is none."""
    return next((one.written for one in judgements if one.written), "")


def goal_of(judgement: Judgement) -> str:
    """`≥55%`, or the document's words where it gives no figure."""
    return judgement.goal.written or judgement.target.wording or ""


def rows(spot: Spot, standings: Iterable[Standing]) -> list[Row]:
    return [Row(standing, spot.page_of(standing.indicator.id)) for standing in standings]


def worst_first(found: Sequence[tuple[Node, Standing]]) -> list[tuple[Node, Standing]]:
    """What is not met first, then what is not known; otherwise in the order of the codes."""
    return sorted(found, key=lambda pair: (_ORDER[pair[1].answer], pair[0].code))


def count_answers(standings: Iterable[Standing]) -> list[tuple[str, Text, str, int]]:
    """(answer, word, colour, how many) of each answer, the worst first."""
    numbers = dict.fromkeys(_ORDER, 0)
    for standing in standings:
        numbers[standing.answer] += 1
    return [(answer, *ANSWERS[answer], number) for answer, number in numbers.items()]


def header() -> tuple[Text, ...]:
    """The columns of the table as a file."""
    return (
        *(say("指标编号", "Id"), say("指标", "Indicator"), say("分子", "Numerator"), say("分母", "Denominator")),
        *(say("不能断定", "May count"), say("数值", "Value"), say("目标", "Target"), say("期限", "By")),
        *(say("性质", "Nature"), say("软性措辞", "Softened by"), say("结果", "Answer"), say("理由", "Why")),
        *(say("数据日期", "Figure of"), say("来源", "Source"), say("条款", "Clauses")),
    )


def cells(row: Row, language: str) -> list[list[object]]:
    """A line for each target."""
    standing, reading = row.standing, row.standing.reading
    found = []
    for one in standing.judgements:
        found.append(
            [
                standing.indicator.id,
                standing.indicator.name.in_language(language),
                *(
                    _number(part)
                    for part in ((reading.numerator, reading.denominator, reading.unknown) if reading else (None,) * 3)
                ),
                value_of([one]),
                goal_of(one),
                one.target.by or "",
                row.nature.in_language(language),
                one.soft or "",
                ANSWERS[one.answer][0].in_language(language),
                "；".join(text.in_language(language) for text in one.why),
                standing.reading_day or "",
                row.source.in_language(language),
                "、".join(one.clauses),
            ]
        )
    return found


def _number(value: object) -> str:
    return "" if value is None else str(value)
