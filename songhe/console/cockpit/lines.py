"""Indicators as a cockpit shows them: one line each, with its answer, reason and the line of its months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from songhe.common.days import write_day
from songhe.common.text import Text, join, say
from songhe.console.cockpit.links import indicator_page
from songhe.console.cockpit.spot import Spot
from songhe.decision.figure import ends_of
from songhe.decision.indicator import Judgement
from songhe.indicators.held import Held
from songhe.indicators.queries import Standing
from songhe.pages.charts import Mark, Spark, State
from songhe.policy.indicator import scale_of

MONTHS = 24
_REASONS = 2
_NAMED = 6


@dataclass(frozen=True)
class Line:
    """`failing` are places below that fall short, `dips` how often what was to be kept was not."""

    standing: Standing
    value: str
    target: str
    href: str
    spark: Spark | None = None

    @property
    def name(self) -> Text:
        return self.standing.indicator.name

    @property
    def state(self) -> State:
        return State(self.standing.answer)

    @property
    def is_known(self) -> bool:
        return self.standing.held is not None

    @property
    def failing(self) -> list[str]:
        places = {part.division: part.name or part.division for one in self.standing.judgements for part in one.failing}
        return list(places.values())

    @property
    def dips(self) -> int:
        return max((len(one.dips) for one in self.standing.judgements), default=0)

    @property
    def dip_days(self) -> Text | None:
        """The days on which it was below, the latest last."""
        days = sorted({dip.on for one in self.standing.judgements for dip in one.dips})
        if not days:
            return None
        more = ("等", " …") if len(days) > _NAMED else ("", "")
        told = join([write_day(day) for day in days[-_NAMED:]], "、", ", ")
        return say(f"{told.zh}{more[0]}", f"{told.en}{more[1]}")

    @property
    def is_calling(self) -> bool:
        """Not met, or met with something that is not."""
        return self.state is State.NOT_MET or bool(self.failing) or self.dips > 0

    @property
    def due(self) -> dt.date | None:
        judgement = lead(self.standing)
        return judgement.target.by if judgement else None

    @property
    def why(self) -> Text | None:
        """The first reasons, in a line."""
        said = self.standing.why[:_REASONS]
        return join(said, "；", "; ") if said else None

    @property
    def failing_names(self) -> Text | None:
        if not self.failing:
            return None
        names, number = self.failing[:_NAMED], len(self.failing)
        more = ("等", " …") if number > _NAMED else ("", "")
        return say(f"{'、'.join(names)}{more[0]}（{number}个）", f"{', '.join(names)}{more[1]} ({number})")


def lead(standing: Standing) -> Judgement | None:
    """The judgement that is shown: of several targets, one that gives the answer."""
    said = standing.judgements
    return next((one for one in said if one.answer == standing.answer), said[0] if said else None)


def value_of(standing: Standing) -> tuple[Fraction | None, str]:
    """The figure in the target's unit, and as people read it."""
    judgement = lead(standing)
    if judgement is not None and judgement.written:
        return judgement.value, judgement.written
    return None, (standing.reading.text or "") if standing.reading else ""


def lines_of(spot: Spot, standings: Iterable[Standing], months: Mapping[str, Sequence[Held]]) -> list[Line]:
    return [_line(spot, standing, months.get(standing.indicator.id, ())) for standing in standings]


def _line(spot: Spot, standing: Standing, points: Sequence[Held]) -> Line:
    judgement = lead(standing)
    target = judgement.goal.written if judgement else ""
    spark = _spark(spot, standing, judgement, points) if len(points) > 1 else None
    return Line(standing, value_of(standing)[1], target, indicator_page(spot, standing), spark)


def _spark(spot: Spot, standing: Standing, judgement: Judgement | None, points: Sequence[Held]) -> Spark:
    unit = judgement.goal.unit if judgement else None
    by_month = {(point.day.year, point.day.month): point for point in points}
    state = State(standing.answer)
    marks = [_mark(by_month.get(month), month, unit, state) for month in months_upto(spot.day)]
    name = standing.indicator.name
    return Spark(
        name=f"spark-{re.sub(r'[^0-9A-Za-z]', '-', standing.indicator.id)}",
        title=say(f"{name.zh}：近{MONTHS}个月", f"{name.en}: the last {MONTHS} months"),
        marks=marks,
        target=judgement.goal.value if judgement else None,
    )


def _mark(held: Held | None, month: tuple[int, int], unit: str | None, state: State) -> Mark:
    label = f"{month[0]}-{month[1]:02d}"
    if held is None:
        return Mark(label, None)
    ends = ends_of(held.reading, scale_of(unit), is_share=False)
    return Mark(label, None if ends is None else ends.low, state=state)


def months_upto(day: dt.date, months: int = MONTHS) -> list[tuple[int, int]]:
    last = day.year * 12 + day.month - 1
    return [(number // 12, number % 12 + 1) for number in range(last - months + 1, last + 1)]
