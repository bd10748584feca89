"""What a target asks of a value, in three answers; between two ends it is sure only when both and all between agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from songhe.decision.figure import Ends, plain, written
from songhe.policy.indicator import Sides

MET, NOT_MET, UNDETERMINED = "met", "not_met", "undetermined"

UNSURE = Sides()
_SIGNS = {"at_least": "≥", "at_most": "≤", "equal": "=", "more_than": ">", "less_than": "<"}


@dataclass(frozen=True)
class Goal:
    """A direction and a figure in the target's unit; `is_bound_open`: whether the figure itself is enough is not said.

    `value` is None where another reading is to be compared with and there is none.
    """

    direction: str
    value: Fraction | None
    upper: Fraction | None = None
    unit: str | None = None
    sides: Sides = UNSURE
    is_bound_open: bool = False

    def answer(self, value: Fraction) -> str:
        """met, not_met or undetermined of one exact value."""
        goal = self.value
        if goal is None:
            return UNDETERMINED
        if value == goal and self.is_bound_open:
            return UNDETERMINED
        match self.direction:
            case "at_least":
                return _sure(value >= goal)
            case "at_most":
                return _sure(value <= goal)
            case "more_than":
                return _sure(value > goal)
            case "less_than":
                return _sure(value < goal)
            case "range":
                return _sure(goal <= value and (self.upper is None or value <= self.upper))
            case _:
                return self._by_side(value, goal)

    def _by_side(self, value: Fraction, goal: Fraction) -> str:
        """A figure without “at least” says what falls short and what fits; of more than it, nothing."""
        if self.direction == "equal":
            sides = Sides(below=NOT_MET, at=MET)
        elif self.direction == "about":
            # No bound is written: the figure itself fits, nothing at all does not, in between nobody can say.
            sides = Sides(below=NOT_MET if value == 0 else UNDETERMINED, at=MET)
        else:
            sides = self.sides
        return sides.below if value < goal else sides.at if value == goal else sides.above

    def answer_between(self, ends: Ends) -> str:
        """The answer that every value between the ends has; undetermined when they differ."""
        if ends.is_sure:
            return self.answer(ends.low)
        answers = {self.answer(value) for value in self._samples(ends)}
        return answers.pop() if len(answers) == 1 else UNDETERMINED

    def _samples(self, ends: Ends) -> list[Fraction]:
        """Both ends, each figure at which the answer may turn, and one value between any two of these."""
        turns = {turn for turn in (self.value, self.upper, Fraction(0)) if turn is not None}
        high = max([*turns, ends.low]) + 1 if ends.high is None else ends.high
        points = sorted({ends.low, high, *(turn for turn in turns if ends.low < turn < high)})
        between = [(left + right) / 2 for left, right in pairwise(points)]
        return points + between

    @property
    def text(self) -> str:
        """`≥55%`, `≥3000户`, `15个左右`, `1—2个/县`; what is open is said."""
        return self._say(plain)

    @property
    def written(self) -> str:
        """`text` for people, with `≥3,000户`."""
        return self._say(written)

    def _say(self, number: Callable[[Fraction], str]) -> str:
        if self.value is None:
            return ""
        figure = f"{number(self.value)}{self.unit or '（单位未写）'}"
        match self.direction:
            case "range":
                return f"{number(self.value)}—{number(self.upper or self.value)}{self.unit or ''}"
            case "about":
                return f"{figure}左右"
            case "open":
                return f"{figure}（方向未写）"
            case _:
                return f"{_SIGNS[self.direction]}{figure}"


def _sure(holds: bool) -> str:
    return MET if holds else NOT_MET
