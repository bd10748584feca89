"""The figures a rule reads on a day: parameter values with their periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from songhe.rules.vocabulary import Value


@dataclass(frozen=True)
class DatedFigure:
    """A value from a day to a day, both included; None leaves that end open."""

    value: Value
    start: dt.date | None = None
    end: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Figures:
    """Parameter values and floors by id; floors never serve as values."""

    values: Mapping[str, tuple[DatedFigure, ...]] = field(default_factory=dict)
    floors: Mapping[str, tuple[DatedFigure, ...]] = field(default_factory=dict)

    def value(self, id: str, day: dt.date) -> Value | None:
        return _on(self.values.get(id, ()), day)

    def floor(self, id: str, day: dt.date) -> Value | None:
        return _on(self.floors.get(id, ()), day)

    def changes(self, id: str) -> list[dt.date]:
        """The days on which the value or the floor may differ from the day before."""
        dated = [*self.values.get(id, ()), *self.floors.get(id, ())]
        starts = [figure.start for figure in dated if figure.start]
        ends = [figure.end + dt.timedelta(days=1) for figure in dated if figure.end and figure.end < dt.date.max]
        return sorted({*starts, *ends})


def _on(dated: tuple[DatedFigure, ...], day: dt.date) -> Value | None:
    return next((figure.value for figure in dated if figure.holds_on(day)), None)
