"""What of an indicator is still open on a day, and what somebody with the right has defined."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from songhe.common.text import Text
from songhe.decision.figure import Reading, ends_of
from songhe.decision.goal import UNSURE, Goal
from songhe.policy.indicator import OPEN_PARTS, Defined, Indicator, Target, scale_of

# Where one of these alone is open, a figure counted as narrowly as the word allows says something already.
_NARROWED = frozenset({"numerator", "period"})


@dataclass(frozen=True)
class Definition:
    """What somebody with the right laid down about what a document leaves open, from a day on.

    `document` is what it is laid down in, `by` who did. Parts that the document itself says are not changed by it.
    `bound` is `included` or `excluded`: whether the figure itself is enough.
    """

    valid_from: dt.date
    document: str
    numerator: Text | None = None
    denominator: Text | None = None
    unit: str | None = None
    direction: str | None = None
    value: str | None = None
    base: Text | None = None
    bound: str | None = None
    period: Text | None = None
    by: str = ""
    clauses: tuple[str, ...] = ()

    @property
    def parts(self) -> frozenset[str]:
        """What it closes."""
        return frozenset(name for name in OPEN_PARTS if getattr(self, name) is not None)


@dataclass(frozen=True)
class Terms:
    """How a target is read on a day. `later` is a definition that has not begun."""

    goal: Goal
    scale: int | None
    open_parts: tuple[str, ...]
    is_narrow: bool
    definition: Definition | None
    numerator: Text | None
    denominator: Text | None
    later: Definition | None = None

    @cached_property
    def is_share(self) -> bool:
        """A part of a whole, which cannot be more than it."""
        return self.goal.unit == "%"

    @cached_property
    def is_blocked(self) -> bool:
        """Whether nothing can be said until something is defined."""
        harmless = {"bound"}
        if self.is_narrow:
            harmless |= _NARROWED
        if self.goal.sides != UNSURE:
            harmless |= {"direction"}
        return bool(set(self.open_parts) - harmless)


def terms_of(
    indicator: Indicator, target: Target, day: dt.date, definition: Definition | None, year_before: Reading | None
) -> Terms:
    """The target as it is to be read on a day, by the document and by what has been defined until then."""
    later = definition if definition is not None and definition.valid_from > day else None
    defined = _merged(None if later else definition, indicator.defined_on(day))
    unit = target.unit or (defined.unit if defined else None)
    open_parts = _open_parts(indicator, target, unit, defined)
    scale = _scale(indicator, unit)
    goal = _goal(indicator, target, unit, open_parts, defined, year_before, scale)
    return Terms(
        goal=goal,
        scale=scale,
        open_parts=tuple(open_parts),
        is_narrow=indicator.narrow is not None and not set(open_parts).isdisjoint(_NARROWED),
        definition=defined,
        numerator=(defined.numerator if defined else None) or indicator.numerator,
        denominator=(defined.denominator if defined else None) or indicator.denominator,
        later=later,
    )


def _merged(own: Definition | None, packaged: Defined | None) -> Definition | None:
    """What was defined on the platform, and beside it what the package says of other parts."""
    if packaged is None:
        return own
    base = definition_in(packaged)
    if own is None:
        return base
    parts = {name: getattr(own, name) if name in own.parts else getattr(base, name) for name in OPEN_PARTS}
    return Definition(own.valid_from, own.document, by=own.by, clauses=own.clauses + base.clauses, **parts)


def definition_in(packaged: Defined) -> Definition:
    """What a package lays down, as a definition; it is laid down in its clauses."""
    parts = {name: getattr(packaged, name) for name in OPEN_PARTS}
    return Definition(packaged.start, "、".join(packaged.clauses), clauses=tuple(packaged.clauses), **parts)


def _scale(indicator: Indicator, unit: str | None) -> int | None:
    """What is compared with a year before is a ratio wherever it has a denominator."""
    scale = scale_of(unit)
    return 1 if scale is None and indicator.against and indicator.denominator else scale


def open_parts(indicator: Indicator, day: dt.date, definition: Definition | None = None) -> tuple[str, ...]:
    """What of an indicator is open on a day, over all its targets."""
    found = (terms_of(indicator, target, day, definition, None).open_parts for target in indicator.targets)
    return tuple(dict.fromkeys(part for parts in found for part in parts))


def _open_parts(indicator: Indicator, target: Target, unit: str | None, defined: Definition | None) -> list[str]:
    is_ratio = _scale(indicator, unit) is not None
    has_value = target.value is not None or (defined is not None and defined.value is not None)
    missing = {
        "numerator": is_ratio and indicator.numerator is None,
        "denominator": is_ratio and indicator.denominator is None,
        "unit": has_value and unit is None,
        "direction": indicator.direction == "open",
        "value": not has_value and indicator.against is None,
        "base": False,
        "bound": False,
        "period": False,
    }
    closed = defined.parts if defined else frozenset()
    return [part for part in OPEN_PARTS if (missing[part] or part in indicator.left_open) and part not in closed]


def _goal(
    indicator: Indicator,
    target: Target,
    unit: str | None,
    open_parts: list[str],
    defined: Definition | None,
    year_before: Reading | None,
    scale: int | None,
) -> Goal:
    direction: str = indicator.direction
    if defined is not None and defined.direction and direction == "open":
        direction = defined.direction
    if defined is not None and "bound" in indicator.left_open and defined.bound:
        direction = _with_bound(direction, defined.bound)
    value = target.number
    if value is None and defined is not None and defined.value is not None:
        value = Fraction(defined.value)
    if indicator.against and year_before is not None:
        ends = ends_of(year_before, scale, is_share=unit == "%")
        value = ends.low if ends and ends.is_sure else None
    return Goal(direction, value, target.upper_number, unit, indicator.sides, "bound" in open_parts)


def _with_bound(direction: str, bound: str) -> str:
    """`more_than` with the figure itself included is `at_least`, and the other way round."""
    inclusive = {"more_than": "at_least", "less_than": "at_most"}
    exclusive = {"at_least": "more_than", "at_most": "less_than"}
    return (inclusive if bound == "included" else exclusive).get(direction, direction)
