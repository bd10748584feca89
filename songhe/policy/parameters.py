"""Parameters read into dated figures: typed, without overlaps, never below the floor they stand on."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from songhe.common.calendar import parse_date
from songhe.common.money import format_yuan, parse_percent, parse_yuan
from songhe.policy.entries import RawEntry
from songhe.policy.errors import Problem
from songhe.policy.schema import DatedValue, Parameter
from songhe.rules.figures import DatedFigure, Figures
from songhe.rules.vocabulary import Value

MAX_AGE = 150


def read_figures(parameters: dict[str, tuple[Parameter, RawEntry]], problems: list[Problem]) -> Figures:
    """The values and floors of all parameters, with whatever is wrong noted."""
    values: dict[str, tuple[DatedFigure, ...]] = {}
    floors: dict[str, tuple[DatedFigure, ...]] = {}
    for id, (parameter, entry) in parameters.items():
        values[id] = _read_dated(parameter, "values", parameter.values, entry, problems)
        floors[id] = _read_dated(parameter, "floor", parameter.floor, entry, problems)
        _check_floor(parameter, values[id], floors[id], entry, problems)
    return Figures(values, floors)


def read_value(kind: str, raw: str | int) -> Value:
    """A parameter value as its type; ValueError says how to write it."""
    match kind:
        case "money":
            return parse_yuan(str(raw))
        case "percent":
            return parse_percent(str(raw))
        case "date":
            return parse_date(str(raw))
        case "age" | "count":
            if not re.fullmatch(r"[0-9]{1,9}", str(raw)):
                raise ValueError(f"{raw!r} is not a whole number")
            if kind == "age" and int(raw) > MAX_AGE:
                raise ValueError(f"{raw} is not an age")
            return int(raw)
        case _:
            return _number(raw)


def _number(raw: str | int) -> Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise ValueError(f"{raw!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{raw!r} is not a number")
    return number


def show_value(kind: str, value: Value) -> str:
    """A value as people write it."""
    if kind == "money":
        return format_yuan(int(str(value)))
    if kind == "percent":
        whole, rest = divmod(int(str(value)), 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"
    return str(value)


def _read_dated(
    parameter: Parameter, key: str, dated: list[DatedValue], entry: RawEntry, problems: list[Problem]
) -> tuple[DatedFigure, ...]:
    figures: list[DatedFigure] = []
    for index, item in enumerate(dated):
        try:
            value = read_value(parameter.type, item.value)
        except ValueError as error:
            problems.append(entry.problem((key, index), str(error), f"the parameter is of type {parameter.type}"))
            continue
        if item.start and item.end and item.end < item.start:
            mend = "put the earlier day first; are day and month swapped?"
            problems.append(entry.problem((key, index), f"{item.end} ends before {item.start} begins", mend))
            continue
        figures.append(DatedFigure(value, item.start, item.end))
        _check_overlap(figures, key, index, entry, problems)
    return tuple(figures)


def _check_overlap(figures: list[DatedFigure], key: str, index: int, entry: RawEntry, problems: list[Problem]) -> None:
    new = figures[-1]
    for other in figures[:-1]:
        if _overlap(new, other):
            what = f"two values hold at once: {_period(other)} and {_period(new)}"
            problems.append(entry.problem((key, index), what, "end the earlier one the day before the later begins"))


def _overlap(first: DatedFigure, second: DatedFigure) -> bool:
    starts_before_end = first.start is None or second.end is None or first.start <= second.end
    ends_after_start = first.end is None or second.start is None or second.start <= first.end
    return starts_before_end and ends_after_start


def _period(figure: DatedFigure) -> str:
    return f"{figure.start or '…'} to {figure.end or '…'}"


def _check_floor(
    parameter: Parameter,
    values: tuple[DatedFigure, ...],
    floors: tuple[DatedFigure, ...],
    entry: RawEntry,
    problems: list[Problem],
) -> None:
    for value in values:
        for floor in floors:
            if _overlap(value, floor) and value.value < floor.value:  # type: ignore[operator]
                low, high = show_value(parameter.type, value.value), show_value(parameter.type, floor.value)
                cited = f" of {', '.join(parameter.clauses)}" if parameter.clauses else ""
                what = f"{low} from {value.start or 'the beginning'} is below the floor {high}{cited}"
                index = _index(values, value)
                problems.append(entry.problem(("values", index), what, f"set it to {high} or more"))


def _index(values: tuple[DatedFigure, ...], value: DatedFigure) -> int:
    return next(index for index, other in enumerate(values) if other is value)
