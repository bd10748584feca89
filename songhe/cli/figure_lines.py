"""Lines of figures for `songhe indicator`: every field checked, numbers kept exact."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Any, get_args

from songhe.common.calendar import parse_date
from songhe.common.division import stem, within
from songhe.common.text import Text, say
from songhe.decision.figure import Part, Past, Reading, plain
from songhe.decision.indicator import LEVELS, Definition, judge
from songhe.policy.indicator import OPEN_PARTS, Direction, Indicator
from songhe.policy.package import Package

_FIELDS = ("division", "indicator", "numerator", "denominator", "inputs")
_INPUTS = ("possible", "possible_denominator", "places", "year_before", "history", "definition")
_BY_LENGTH = {4: "city", 6: "county", 9: "town", 12: "village"}
_DIRECTIONS = get_args(Direction)


class FieldError(ValueError):
    """A field that cannot be used."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what)
        self.name, self.what = name, what


@dataclass(frozen=True)
class Line:
    """One line of the file: whose figure of what."""

    division: str
    indicator: Indicator
    reading: Reading
    level: str
    places: int | None = None
    year_before: Reading | None = None
    history: tuple[Past, ...] = ()
    definition: Definition | None = None

    @cached_property
    def place(self) -> str:
        """The code without what only fills it up: places below begin with it."""
        return stem(self.division)

    @property
    def key(self) -> tuple[str, str]:
        return self.place, self.indicator.id


class LineReader:
    """Turns one line's object into a Line; what is wrong is told with the field's name."""

    def __init__(self, package: Package, day: dt.date) -> None:
        self.package, self.day = package, day
        self.city = package.document.city.division if package.document.city else ""

    def key(self, raw: Mapping[str, Any]) -> str:
        return f"{self._indicator(raw).id} of {stem(self._division(raw))}"

    def line(self, raw: Mapping[str, Any]) -> Line:
        _only(raw, _FIELDS, "")
        if "numerator" not in raw:
            raise FieldError("numerator", "missing; write null where there is none")
        inputs = _mapping(raw.get("inputs") or {}, "inputs")
        _only(inputs, _INPUTS, "inputs.")
        division, indicator = self._division(raw), self._indicator(raw)
        possible = {name: _number(inputs, name, "inputs.") for name in ("possible", "possible_denominator")}
        line = Line(
            division=division,
            indicator=indicator,
            reading=_reading(raw, "", **possible),
            level=self._level(division),
            places=_whole(inputs, "places"),
            year_before=_optional(inputs, "year_before", _plain_reading),
            history=_history(inputs),
            definition=_optional(inputs, "definition", _definition),
        )
        self._check(line)
        return line

    def _check(self, line: Line) -> None:
        """Refuses here, with the line's number, what could not be judged."""
        if line.reading.denominator is not None and not _may_have_denominator(line.indicator):
            unit = line.indicator.targets[0].unit
            raise FieldError("denominator", f"{line.indicator.id} counts {unit} and has no denominator; write null")
        judge(line.indicator, line.reading, self.day, definition=line.definition, history=line.history)

    def _division(self, raw: Mapping[str, Any]) -> str:
        code = raw.get("division")
        if not isinstance(code, str) or not (code.isascii() and code.isdigit()) or len(code) not in _BY_LENGTH:
            what = "missing" if code is None else f"{code!r} is not a division code of 4, 6, 9 or 12 digits, as a text"
            raise FieldError("division", what)
        if self.city and within(code, self.city) is not True:
            raise FieldError("division", f"{code} does not lie in {self.city}, for which {self.package.id} speaks")
        return code

    def _indicator(self, raw: Mapping[str, Any]) -> Indicator:
        id = raw.get("indicator")
        if not isinstance(id, str):
            raise FieldError("indicator", "missing or not a text")
        if id not in self.package.indicators:
            near = difflib.get_close_matches(id, self.package.indicators, n=3, cutoff=0.6)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise FieldError("indicator", f"{self.package.id} has no indicator {id!r}{hint}")
        return self.package.indicators[id]

    def _level(self, division: str) -> str:
        """Whatever its code, the place the document speaks for is its city."""
        own = stem(division)
        return "city" if own == stem(self.city) else _BY_LENGTH[len(own)]


def parts_of(line: Line, lines: list[Line]) -> tuple[Part, ...]:
    """The places below among the lines of one indicator: of the level the target speaks of, or the next there is."""
    if line.level == LEVELS[-1]:
        return ()
    below = [other for other in lines if other.place != line.place and other.place.startswith(line.place)]
    level = line.indicator.level
    if level not in ("county", "town", "village"):
        level = min((other.level for other in below), key=LEVELS.index, default=level)
    return tuple(Part(other.division, other.reading) for other in below if other.level == level)


def _may_have_denominator(indicator: Indicator) -> bool:
    """A ratio, a count over places (which may carry their number), or what is left open."""
    unit = indicator.targets[0].unit
    is_count = unit is not None and not any(mark in unit for mark in ("%", "‰", "/"))
    return not is_count or indicator.denominator is not None


# -- fields


def _only(raw: Mapping[str, Any], names: tuple[str, ...], prefix: str) -> None:
    for name in raw:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise FieldError(f"{prefix}{name}", f"unknown field; {hint}")


def _mapping(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise FieldError(name, "not a JSON object")
    return raw


def _optional(raw: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any], str], Any]) -> Any:
    return None if raw.get(name) is None else read(_mapping(raw[name], f"inputs.{name}"), f"inputs.{name}.")


def _reading(raw: Mapping[str, Any], prefix: str, **possible: Fraction | None) -> Reading:
    return Reading(_number(raw, "numerator", prefix), _number(raw, "denominator", prefix), **possible)


def _plain_reading(raw: Mapping[str, Any], prefix: str) -> Reading:
    _only(raw, ("numerator", "denominator"), prefix)
    return _reading(raw, prefix)


def _history(inputs: Mapping[str, Any]) -> tuple[Past, ...]:
    rows = inputs.get("history") or []
    if not isinstance(rows, list):
        raise FieldError("inputs.history", "not a list of {on, numerator, denominator}")
    return tuple(_past(_mapping(row, f"inputs.history[{n}]"), f"inputs.history[{n}].") for n, row in enumerate(rows))


def _past(raw: Mapping[str, Any], prefix: str) -> Past:
    _only(raw, ("on", "numerator", "denominator"), prefix)
    return Past(_day(raw, "on", prefix), _reading(raw, prefix))


def _day(raw: Mapping[str, Any], name: str, prefix: str) -> dt.date:
    text = raw.get(name)
    if not isinstance(text, str):
        raise FieldError(f"{prefix}{name}", "missing or not a date like 2024-05-01")
    try:
        return parse_date(text)
    except ValueError as error:
        raise FieldError(f"{prefix}{name}", str(error)) from None


def _definition(raw: Mapping[str, Any], prefix: str) -> Definition:
    _only(raw, ("from", "document", *OPEN_PARTS), prefix)
    document = raw.get("document")
    if not isinstance(document, str) or not document.strip():
        raise FieldError(f"{prefix}document", "missing; say where it is laid down")
    given = {name: _defined(raw[name], name, prefix) for name in OPEN_PARTS if raw.get(name) is not None}
    return Definition(_day(raw, "from", prefix), document.strip(), **given)


def _defined(raw: Any, name: str, prefix: str) -> Text | str:
    """A part of a definition: words, or one of the values it can have."""
    if name == "value":
        number = _number({name: raw}, name, prefix)
        assert number is not None
        return plain(number)
    if not isinstance(raw, str) or not raw.strip():
        raise FieldError(f"{prefix}{name}", f"{raw!r} is not a text")
    choices = {"direction": _DIRECTIONS, "bound": ("included", "excluded")}.get(name)
    if choices is not None and raw not in choices:
        raise FieldError(f"{prefix}{name}", f"{raw!r} is not one of {', '.join(choices)}")
    return raw if name in ("direction", "bound", "unit") else say(raw, raw)


def _whole(raw: Mapping[str, Any], name: str) -> int | None:
    number = raw.get(name)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 10**6:
        raise FieldError(f"inputs.{name}", f"{number!r} is not a number of places")
    return number


def _number(raw: Mapping[str, Any], name: str, prefix: str) -> Fraction | None:
    """An exact number of zero or more; a text may hold one too. FieldError for anything else."""
    given = raw.get(name)
    if given is None:
        return None
    field = f"{prefix}{name}"
    if isinstance(given, bool) or not isinstance(given, (int, Decimal, str)):
        raise FieldError(field, f"{given!r} is not a number")
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise FieldError(field, f"{given!r} is not a number") from None
    if not number.is_finite():
        raise FieldError(field, f"{given!r} is not a number")
    if number < 0:
        raise FieldError(field, f"{given} is below zero")
    if number >= 10**15 or (number and number.adjusted() < -9) or len(number.as_tuple().digits) > 30:
        raise FieldError(field, f"{given} is out of range: under 10^15, and down to a billionth")
    return Fraction(number)
