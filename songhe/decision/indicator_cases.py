"""Golden cases of indicators: figures with their expected answers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from songhe.decision.figure import FigureError, Part, Past, Reading
from songhe.decision.indicator import Judgement, judge
from songhe.policy.indicator import IndicatorCase
from songhe.policy.package import Package


def judge_case(case: IndicatorCase, id: str, package: Package) -> list[Judgement]:
    """One indicator of a case, as the package says."""
    return judge(
        package.indicators[id],
        read_figure(case.figure, case.possible),
        case.on,
        history=[Past(day, read_figure(figure)) for day, figure in case.history.items()],
        parts=[Part(division, read_figure(figure)) for division, figure in case.parts.items()],
        places=case.places,
        year_before=None if case.year_before is None else read_figure(case.year_before),
        plan=package.plan_period,
        at=case.at,
    )


def read_figure(figure: str | int | None, possible: str | int | None = None) -> Reading:
    """`54/100` as a reading; `possible` in the same way."""
    numerator, denominator = _sides(figure)
    most, widest = _sides(possible)
    return Reading(numerator, denominator, most, widest if widest != denominator else None)


def _sides(figure: str | int | None) -> tuple[Fraction | None, Fraction | None]:
    if figure is None:
        return None, None
    top, _, base = str(figure).partition("/")
    return Fraction(top), Fraction(base) if base else None


def wrong_answers(case: IndicatorCase, package: Package) -> Iterator[tuple[str, str, Any, Any]]:
    """Indicator, field, what was expected and what was answered, wherever these differ."""
    for id, expected in case.expect.items():
        if id not in package.indicators:
            yield id, "id", "an indicator", "unknown"
            continue
        try:
            (judgement, *_) = judge_case(case, id, package)
        except FigureError as error:
            yield id, error.name, "a figure that can be", error.what
            continue
        answered = _fields(judgement)
        fields = expected if isinstance(expected, dict) else {"answer": expected}
        yield from ((id, name, want, answered.get(name)) for name, want in fields.items() if answered.get(name) != want)


def _fields(judgement: Judgement) -> dict[str, Any]:
    """What a case may expect, as it is written in a package."""
    return {
        "answer": judgement.answer,
        "today": judgement.today,
        "percent": None if judgement.percent is None else str(judgement.percent),
        "target": judgement.target_text,
        "open": list(judgement.open_parts),
        "soft": judgement.soft,
        "due": judgement.is_due,
        "failing": [part.division for part in judgement.failing],
        "dips": [dip.on for dip in judgement.dips],
    }
