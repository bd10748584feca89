"""One figure as it was counted: exact, with what is unknown in it, and shown so that it never looks better."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_DIGITS = (2, 3, 4, 6, 8, 10, 12)


class FigureError(ValueError):
    """A figure that cannot be: the field, and what is wrong in both languages."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.name, self.what, self.zh, self.en = name, f"{zh} {en}", zh, en


@dataclass(frozen=True)
class Reading:
    """A numerator, of a ratio with its denominator, both counted one by one.

    `possible` and `possible_denominator` are the same when everybody of whom it is unknown counts; None: nothing is
    unknown. A plain count has no denominator; counted over several places it may have their number there.
    """

    numerator: Fraction | None
    denominator: Fraction | None = None
    possible: Fraction | None = None
    possible_denominator: Fraction | None = None

    @property
    def text(self) -> str | None:
        """As counted and unreduced: `13001/30000`."""
        if self.numerator is None:
            return None
        top = plain(self.numerator)
        return top if self.denominator is None else f"{top}/{plain(self.denominator)}"

    @property
    def unknown(self) -> Fraction:
        """How many more may count, in the numerator or the denominator."""
        more = (self.possible or 0) - (self.numerator or 0) if self.possible is not None else 0
        base = self.possible_denominator
        below = base - (self.denominator or 0) if base is not None else 0
        return max(Fraction(more), Fraction(below), Fraction(0))


@dataclass(frozen=True)
class Past:
    """An earlier reading."""

    on: dt.date
    reading: Reading


@dataclass(frozen=True)
class Part:
    """The reading of a place below, by its code."""

    division: str
    reading: Reading
    name: str | None = None

    @property
    def label(self) -> str:
        return f"{self.name}（{self.division}）" if self.name else self.division


@dataclass(frozen=True)
class Ends:
    """Between what and what a value lies; a missing upper end is without bound."""

    low: Fraction
    high: Fraction | None

    @property
    def is_sure(self) -> bool:
        return self.low == self.high


def check_reading(reading: Reading, *, is_share: bool) -> None:
    """Raises FigureError for a negative figure, or one that is more than what it is a part of."""
    for name in ("numerator", "denominator", "possible", "possible_denominator"):
        figure = getattr(reading, name)
        if figure is not None and figure < 0:
            raise FigureError(name, f"{plain(figure)}小于零。", f"{plain(figure)} is below zero.")
    _check_order(reading, "numerator", "possible")
    _check_order(reading, "denominator", "possible_denominator")
    if is_share and reading.denominator is not None:
        whole = reading.denominator if reading.possible_denominator is None else reading.possible_denominator
        _check_share(reading, whole)


def _check_order(reading: Reading, sure: str, possible: str) -> None:
    low, high = getattr(reading, sure), getattr(reading, possible)
    if high is None:
        return
    if low is None:
        raise FigureError(possible, f"写了{possible}，没有写{sure}。", f"{possible} without {sure}.")
    if high < low:
        raise FigureError(
            possible, f"{plain(high)}小于确知的{plain(low)}。", f"{plain(high)} is below what is sure, {plain(low)}."
        )


def _check_share(reading: Reading, whole: Fraction) -> None:
    for name in ("numerator", "possible"):
        figure = getattr(reading, name)
        if figure is not None and figure > whole:
            raise FigureError(
                name,
                f"分子{plain(figure)}大于分母{plain(whole)}。",
                f"The numerator {plain(figure)} is above the denominator {plain(whole)}.",
            )


def ends_of(reading: Reading, scale: int | None, *, is_share: bool) -> Ends | None:
    """The least and the most the value can be, in its unit; None when there is no value at all."""
    if reading.numerator is None:
        return None
    high = reading.numerator if reading.possible is None else reading.possible
    if scale is None:
        return Ends(reading.numerator, high)
    if reading.denominator is None:
        return None
    base = reading.denominator if reading.possible_denominator is None else reading.possible_denominator
    if base == 0:
        return None
    top = high / reading.denominator if reading.denominator else None
    if is_share:
        top = Fraction(1) if top is None else min(top, Fraction(1))
    return Ends(scale * reading.numerator / base, None if top is None else scale * top)


def plain(value: Fraction) -> str:
    """An exact decimal where there is one, otherwise `n/d`; never rounded, never with an exponent."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    context = Context(prec=200)
    text = format(context.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(value: Fraction) -> str:
    """As `plain`, for people: `13,001`, `0.75`, `1/3`, `100,000,000`."""
    text = plain(value)
    if "/" in text:
        return f"{value.numerator:,}/{value.denominator:,}"
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def shown(value: Fraction, goal: Fraction | None = None, *, least: int = 2) -> Decimal:
    """Rounded to two places, or to as many as it takes to stand on its own side of the goal (54.995, not 55.00)."""
    for digits in (digits for digits in _DIGITS if digits >= least):
        rounded = _rounded(value, digits, ROUND_HALF_EVEN)
        if goal is None or _side(Fraction(rounded), goal) == _side(value, goal):
            return rounded
    assert goal is not None
    return _rounded(value, _DIGITS[-1], ROUND_FLOOR if value < goal else ROUND_CEILING)


def _rounded(value: Fraction, digits: int, rounding: str) -> Decimal:
    context = Context(prec=200, rounding=rounding)
    exact = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    number = exact.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=context)
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize(context)


def _side(value: Fraction, goal: Fraction) -> int:
    return (value > goal) - (value < goal)
