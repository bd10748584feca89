"""What came of judging an indicator: the answer, the figure behind it, and in plain words why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from songhe.common.text import Text
from songhe.decision import wording
from songhe.decision.figure import Ends, Part, Past, Reading, shown
from songhe.decision.goal import Goal
from songhe.decision.openness import Definition, Terms
from songhe.policy.indicator import Indicator, Target
from songhe.policy.schema import Period

# From the document's own place downwards.
LEVELS = ("city", "county", "town", "village")


@dataclass(frozen=True)
class Dip:
    """A day within the plan on which a figure that was to be kept was below."""

    on: dt.date
    text: str | None
    shown: Decimal | None


@dataclass(frozen=True)
class Judgement:
    """The answer for one target.

    `value` is exact and in the target's unit, `shown` the same for the eye, `percent` that of a percentage; `text` is
    as counted. `today` is what this reading alone says, `over_places` what it says with the places that the target
    asks, and `answer` also heeds what was to be kept. `failing` are the places below that do not reach it, whether or
    not the whole does.
    """

    case: Case = field(repr=False, compare=False)
    indicator: Indicator
    target: Target
    goal: Goal
    answer: str
    over_places: str
    today: str
    reading: Reading
    ends: Ends | None
    open_parts: tuple[str, ...] = ()
    definition: Definition | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    is_due: bool = False
    days_left: int | None = None
    failing: tuple[Part, ...] = ()
    dips: tuple[Dip, ...] = ()

    @cached_property
    def why(self) -> tuple[Text, ...]:
        """The arithmetic, what is open or missing, the places and days that fall short, the deadline, the notes."""
        return tuple(_reasons(self, self.case))

    @property
    def value(self) -> Fraction | None:
        return self.ends.low if self.ends else None

    @property
    def text(self) -> str | None:
        return self.reading.text

    @property
    def shown(self) -> Decimal | None:
        return None if self.value is None else shown(self.value, self.goal.value)

    @property
    def written(self) -> str:
        """`54.995%`, or `≥0.48%` where more may count than is known to; empty without a value."""
        if self.shown is None:
            return ""
        may_be_more = self.ends is not None and self.ends.high != self.ends.low
        return f"{'≥' if may_be_more else ''}{self.shown:,}{self.goal.unit or ''}"

    @property
    def percent(self) -> Decimal | None:
        return self.shown if "%" in (self.goal.unit or "") else None

    @property
    def target_text(self) -> str:
        """`≥55%`, `保持≥75%`, `<40%（上年）`; the document's own word where it gives no figure."""
        text = self.goal.text or self.target.wording or "（没有数值）"
        if self.indicator.against and self.goal.text:
            text += "（上年）"
        return f"保持{text}" if self.indicator.kept else text

    @property
    def soft(self) -> str | None:
        """The word that takes the edge off: 力争, 左右."""
        return self.target.soft or self.indicator.soft

    @property
    def clauses(self) -> tuple[str, ...]:
        defined = self.definition.clauses if self.definition else ()
        return tuple(dict.fromkeys([*self.indicator.clauses, *defined]))


@dataclass(frozen=True)
class Case:
    """All that one judgement is made from."""

    indicator: Indicator
    target: Target
    terms: Terms
    reading: Reading
    as_of: dt.date
    plan: Period
    at: str
    history: Sequence[Past] = ()
    parts: Sequence[Part] = ()
    places: int | None = None

    @property
    def goal(self) -> Goal:
        return self.terms.goal

    @property
    def speaks_of_places(self) -> bool:
        """Whether the reading is a total over places of which the target asks each."""
        level = self.indicator.level
        return level in LEVELS[1:] and is_above(self.at, level)


def is_above(at: str, level: str) -> bool:
    """Whether the reading is of a place that holds those the target speaks of."""
    return at == "city" if level == "open" else LEVELS.index(at) < LEVELS.index(level)


def _reasons(judgement: Judgement, case: Case) -> list[Text]:
    today, over, failing = judgement.today, judgement.over_places, judgement.failing
    is_total = case.speaks_of_places
    said = wording.reasons(case.indicator, case.terms, case.reading, judgement.ends, today, is_total=is_total)
    if over != today or failing or is_total:
        said += wording.places(case.indicator, over, today, failing, len(case.parts), case.places, is_total=is_total)
    said += wording.dips([dip.on for dip in judgement.dips])
    return said + wording.days(case.target, case.as_of, case.plan) + wording.notes(case.indicator, case.target, case.at)
