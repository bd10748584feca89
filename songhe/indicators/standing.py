"""How an indicator stands in a division: its reading, where that is from, and what each of its targets says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from songhe.common.text import Text, say
from songhe.decision.indicator import MET, NOT_MET, UNDETERMINED, FigureError, Judgement, Part, Past, Reading, judge
from songhe.decision.openness import Definition, open_parts
from songhe.divisions.queries import Node
from songhe.indicators.held import Held
from songhe.indicators.packages import level_for
from songhe.policy.package import Package
from songhe.policy.schema import Indicator, Period

NOTHING = Reading(None)


@dataclass(frozen=True)
class Point:
    """A figure of a trend: exact, with the answer of that day; `value` is in the unit of the first target."""

    day: dt.date
    numerator: Fraction | None
    denominator: Fraction | None
    answer: str
    held: Held
    value: Fraction | None = None


@dataclass(frozen=True)
class Standing:
    """One indicator in one division on a day; `held` is None where there is no figure.

    `tree` says on which divisions it was counted: `then` or `now`. `beside` are figures entered although the records
    count it, and `children` what those below add up to where they entered theirs: shown, never in place of it.
    """

    package: Package
    indicator: Indicator
    node: Node
    day: dt.date
    held: Held | None
    judgements: tuple[Judgement, ...] = ()
    definition: Definition | None = None
    tree: str = "then"
    beside: tuple[Held, ...] = ()
    children: Held | None = None
    problem: Text | None = None

    @property
    def reading(self) -> Reading | None:
        return None if self.held is None else self.held.reading

    @property
    def reading_day(self) -> dt.date | None:
        return None if self.held is None else self.held.day

    @property
    def source(self) -> str:
        """`computed`, `entered`, `summed`, or nothing."""
        return "" if self.held is None else self.held.source

    @property
    def answer(self) -> str:
        """The worst of its targets: what is not met stands before what is not known."""
        answers = {judgement.answer for judgement in self.judgements}
        if NOT_MET in answers:
            return NOT_MET
        return MET if answers == {MET} else UNDETERMINED

    @property
    def why(self) -> tuple[Text, ...]:
        """Every reason of every target, each once."""
        if self.problem is not None:
            return (self.problem,)
        said = [text for judgement in self.judgements for text in judgement.why]
        return tuple(dict.fromkeys(said))

    @property
    def open_parts(self) -> tuple[str, ...]:
        return open_parts(self.indicator, self.day, self.definition)

    @property
    def disagrees(self) -> bool:
        """Whether another figure of the same day says something else."""
        if self.held is None:
            return False
        others = [*self.beside, *([self.children] if self.children else [])]
        return any(one.day == self.held.day and one.reading.text != self.held.reading.text for one in others)


@dataclass(frozen=True)
class Known:
    """What a judgement of one indicator in one division is made from; `series` is oldest first."""

    series: Sequence[Held] = ()
    beside: Sequence[Held] = ()
    parts: Sequence[Part] = ()
    places: int | None = None
    definition: Definition | None = None
    children: Held | None = None


def stand(package: Package, indicator: Indicator, node: Node, day: dt.date, known: Known) -> Standing:
    held = known.series[-1] if known.series else None
    judgements, problem = _judged(package, indicator, node, day, known, len(known.series) - 1)
    return Standing(
        package,
        indicator,
        node,
        day,
        held,
        judgements,
        known.definition,
        "then",
        tuple(known.beside),
        known.children,
        problem,
    )


def point(package: Package, indicator: Indicator, node: Node, known: Known, number: int) -> Point:
    """One figure of a series, judged on its own day by what was defined then."""
    held = known.series[number]
    judgements, _ = _judged(package, indicator, node, held.day, known, number)
    standing = Standing(package, indicator, node, held.day, held, judgements)
    value = judgements[0].value if judgements else None
    return Point(held.day, held.reading.numerator, held.reading.denominator, standing.answer, held, value)


def _judged(
    package: Package, indicator: Indicator, node: Node, day: dt.date, known: Known, number: int
) -> tuple[tuple[Judgement, ...], Text | None]:
    earlier = known.series[: max(number, 0)]
    held = known.series[number] if number >= 0 else None
    try:
        return tuple(
            judge(
                indicator,
                held.reading if held else NOTHING,
                day,
                definition=known.definition,
                history=[Past(one.day, one.reading) for one in earlier] if indicator.kept else (),
                parts=known.parts,
                places=known.places,
                year_before=_year_before(known.series, held.day if held else day),
                plan=package.plan_period or Period(),
                at=level_for(package, node),
            )
        ), None
    except FigureError as error:
        return (), say(error.zh, error.en)


def _year_before(series: Sequence[Held], day: dt.date) -> Reading | None:
    """The last reading of the year before: what an annual figure is compared with."""
    before = [one for one in series if one.day.year == day.year - 1]
    same = [one for one in before if (one.day.month, one.day.day) <= (day.month, day.day)]
    last = (same or [None])[-1] if not _is_year_end(day) else (before or [None])[-1]
    return None if last is None else last.reading


def _is_year_end(day: dt.date) -> bool:
    return (day.month, day.day) == (12, 31)
