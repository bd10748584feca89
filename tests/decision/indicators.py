"""Indicators and figures in one line, for the tests of judging."""

import datetime as dt
from fractions import Fraction
from typing import Any

from songhe.decision.indicator import Judgement, Part, Past, Reading, judge
from songhe.policy.indicator import Indicator

DUE = dt.date(2025, 12, 31)


def indicator(
    direction: str = "at_least", value: str | None = "55", unit: str | None = "%", **changes: Any
) -> Indicator:
    """A share with a numerator and a denominator, or another figure by its unit."""
    target = {"value": value, "unit": unit, "by": DUE, "upper": changes.pop("upper", None)}
    given = {
        "id": "S-1",
        "name": words("占比"),
        "clauses": ["S-1"],
        "direction": direction,
        "targets": [target],
        "numerator": words("护理型床位"),
        "denominator": words("床位"),
    }
    return Indicator.model_validate(given | changes)


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def reading(
    numerator: int | str | None,
    denominator: int | str | None = None,
    possible: int | str | None = None,
    possible_denominator: int | str | None = None,
) -> Reading:
    given = (numerator, denominator, possible, possible_denominator)
    return Reading(*(None if figure is None else Fraction(figure) for figure in given))


def judged(item: Indicator, figures: Reading, on: dt.date = DUE, **context: Any) -> Judgement:
    (judgement,) = judge(item, figures, on, **context)
    return judgement


def past(on: str, numerator: int, denominator: int | None = None) -> Past:
    return Past(dt.date.fromisoformat(on), reading(numerator, denominator))


def part(division: str, numerator: int, denominator: int | None = None) -> Part:
    return Part(division, reading(numerator, denominator))


def said(judgement: Judgement) -> str:
    return "；".join(text.zh for text in judgement.why)
