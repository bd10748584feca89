"""`indicators.yaml`: a figure the document sets a target for, what it counts, what the document leaves open (指标)."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from songhe.common.text import Text

STRICT = ConfigDict(extra="forbid", frozen=True)

Direction = Literal["at_least", "at_most", "equal", "more_than", "less_than", "range", "about", "open"]
# `each`: every level counts its own figure, and none is part of another's (各级分别计算).
Level = Literal["city", "county", "town", "village", "each", "open"]
Answer = Literal["met", "not_met", "undetermined"]
# What a document may leave open. `bound`: whether the figure itself is enough; `base`: what growth is compared with.
OpenPart = Literal["numerator", "denominator", "unit", "direction", "value", "base", "bound", "period"]

_SCALES = {"%": 100, "‰": 1_000, "/百": 100, "/千": 1_000, "/万": 10_000}


def scale_of(unit: str | None) -> int | None:
    """By how much numerator over denominator is multiplied to give the unit; None where it is no ratio.

    `%` is 100, `名/百张床位` 100, `名/万名老年人` 10,000. `个/县` and `人次/年` are counts of a place or a period.
    """
    return next((scale for mark, scale in _SCALES.items() if unit and mark in unit), None)


def _number(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text):
        raise ValueError("write a number such as 55 or 78.8, the unit apart from it")
    return text


Figure = Annotated[str, AfterValidator(_number)]


class Target(BaseModel):
    """What an indicator should reach, and by when; `soft` is a word that takes the edge off this one (力争)."""

    model_config = STRICT
    value: Figure | None = None
    upper: Figure | None = None
    unit: str | None = None
    by: dt.date | None = None
    wording: str | None = None
    soft: str | None = None

    @property
    def number(self) -> Fraction | None:
        return None if self.value is None else Fraction(self.value)

    @property
    def upper_number(self) -> Fraction | None:
        return None if self.upper is None else Fraction(self.upper)


class Measure(BaseModel):
    """What is counted in the platform's own records: one of `count`, `sum` … `of`, or `fund`.

    A count of persons takes the living. A division's `level` goes by the number ranges of the national codes: `town` is
    streets, towns and townships without farms, `community` residents' committees, `village` villagers' committees.
    """

    model_config = STRICT
    count: Literal["person", "institution", "estate", "estate_pool", "division", "case"] | None = None
    sum: str | None = None
    of: Literal["person", "institution", "estate", "estate_pool"] | None = None
    where: Any = None
    meets: str | None = None
    level: Literal["county", "town", "community", "village"] | None = None
    items: list[str] = []
    outcome: Literal["granted", "refused"] | None = None
    per: Literal["person", "household"] = "person"
    fund: Literal["welfare_lottery"] | None = None
    flow: Literal["received", "elderly_care"] | None = None

    @property
    def kind(self) -> Literal["count", "sum", "fund"]:
        return "count" if self.count else "sum" if self.sum else "fund"

    @property
    def subject(self) -> str | None:
        """What is counted or summed over; None of a fund."""
        return self.count or self.of

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if [bool(self.count), bool(self.sum), bool(self.fund)].count(True) != 1:
            raise ValueError("write exactly one of count, sum and fund")
        needed = {
            "sum and of": (self.sum, self.of),
            "fund and flow": (self.fund, self.flow),
            "count: division and level": (self.count == "division", self.level),
            "count: case and items": (self.count == "case", self.items),
            "count: case and outcome": (self.count == "case", self.outcome),
        }
        for pair, (one, other) in needed.items():
            if bool(one) != bool(other):
                raise ValueError(f"{pair} go together")
        if self.where is not None and self.subject in (None, "division", "case"):
            raise ValueError("`where` is a condition on persons, institutions or estates")
        return self


class Computed(BaseModel):
    """An indicator from the platform's own records; what they have no numerator or denominator for is entered.

    `widest` is the numerator where everything the document leaves open counts as well. `approximate` says where the
    records are only near to what the clause asks.
    """

    model_config = STRICT
    numerator: Measure | None = None
    denominator: Measure | None = None
    widest: Measure | None = None
    approximate: Text | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.numerator is None and self.denominator is None:
            raise ValueError("give it a numerator or a denominator")
        if self.widest is not None and self.numerator is None:
            raise ValueError("the widest numerator stands beside a narrow one")
        return self


class Sides(BaseModel):
    """What is sure although the direction is open: below the figure, at it, above it."""

    model_config = STRICT
    below: Answer = "undetermined"
    at: Answer = "undetermined"
    above: Answer = "undetermined"


class Defined(BaseModel):
    """What a package that may say so lays down about something left open, from a day on, with its clause."""

    model_config = STRICT
    start: dt.date = Field(alias="from")
    clauses: list[str] = Field(min_length=1)
    numerator: Text | None = None
    denominator: Text | None = None
    unit: str | None = None
    direction: Literal["at_least", "at_most", "equal", "more_than", "less_than"] | None = None
    value: Figure | None = None
    base: Text | None = None
    bound: Literal["included", "excluded"] | None = None
    period: Text | None = None

    @property
    def parts(self) -> frozenset[str]:
        """What it closes."""
        return frozenset(name for name in OPEN_PARTS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _closes_something(self) -> Self:
        if not self.parts:
            raise ValueError(f"it defines nothing: give it one of {', '.join(OPEN_PARTS)}")
        return self


OPEN_PARTS = ("numerator", "denominator", "unit", "direction", "value", "base", "bound", "period")


class Indicator(BaseModel):
    """A figure the document sets a target for."""

    model_config = STRICT
    id: str = Field(min_length=1)
    name: Text
    clauses: list[str] = Field(min_length=1)
    direction: Direction
    targets: list[Target] = Field(min_length=1)
    nature: Literal["binding", "expected", "unstated"] = "unstated"
    soft: str | None = None
    # 保持: holds at every reading of the plan period, not only at its end.
    kept: bool = False
    # The figure is of one month or year and begins anew in the next.
    per: Literal["month", "year"] | None = None
    cumulative_from: dt.date | None = None
    # Compared with the reading of the year before instead of a figure.
    against: Literal["year_before"] | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    # The narrowest reading of what is counted, where a word is left open: what reaches the target so does so anyway.
    narrow: Text | None = None
    left_open: list[OpenPart] = []
    sides: Sides = Sides()
    level: Level = "city"
    responsible: list[str] = []
    cooperating: list[str] = []
    capability: str | None = None
    computed: Computed | None = None
    defines: list[Defined] = []
    same_as: list[str] = []
    open: list[Text] = []
    note: Text | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for wrong, what in self._faults():
            if wrong:
                raise ValueError(what)
        return self

    def _faults(self) -> list[tuple[bool, str]]:
        no_value = any(target.value is None for target in self.targets)
        is_range = self.direction == "range"
        over = [t for t in self.targets if t.unit == "%" and t.number is not None and t.number > 100]
        return [
            (is_range != any(t.upper is not None for t in self.targets), "`upper` and the direction range go together"),
            (
                self.against is not None and not no_value,
                "what is compared with another reading has no value of its own",
            ),
            (
                no_value and self.against is None and self.direction != "open",
                "a target without a value has the direction open, or says what it is `against`",
            ),
            (self.direction != "open" and self.sides != Sides(), "`sides` says what is sure of the direction open"),
            (bool(over), "a share cannot be above 100%"),
            (
                self.narrow is not None and not {"numerator", "period", "bound"} & set(self.left_open),
                "`narrow` says how a numerator, period or bound of `left_open` is read",
            ),
        ]

    def defined_on(self, day: dt.date) -> Defined | None:
        """What the package itself lays down on a day: the latest that has begun."""
        begun = [defined for defined in self.defines if defined.start <= day]
        return max(begun, key=lambda defined: defined.start, default=None)


def _counted(text: str | int) -> str:
    """`54`, or `54/100` for a numerator and its denominator."""
    if not re.fullmatch(r"[0-9.]+(/[0-9.]+)?", str(text)):
        raise ValueError("write a figure such as 54, or 54/100 for a numerator and its denominator")
    return str(text)


Counted = Annotated[str | int, AfterValidator(_counted)]


class IndicatorCase(BaseModel):
    """`indicator-cases.yaml`: a golden case, one figure on one day and the answers of the indicators it is of."""

    model_config = STRICT
    id: str = Field(min_length=1)
    title: Text
    on: dt.date
    figure: Counted | None = None
    possible: Counted | None = None
    at: Literal["city", "county", "town", "village"] = "city"
    parts: dict[str, Counted] = {}
    places: int | None = None
    history: dict[dt.date, Counted] = {}
    year_before: Counted | None = None
    expect: dict[str, Any] = Field(min_length=1)
