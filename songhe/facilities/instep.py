"""Care premises in step with their housing (四同步): the two dates of each step, and how far they lie apart.

Which answer follows is the package's; this shows what it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from songhe.facilities.facts import BOOKS, ESTATE
from songhe.policy.rule import StandardRule
from songhe.rules import tree
from songhe.rules.vocabulary import Fact, Value

STEPS = ("planned", "started", "completed", "accepted", "delivered")
HOUSING, PREMISES = "housing", "care_premises"


class Pace(StrEnum):
    """How a step of the premises stands to the housing's."""

    IN_TIME = "in_time"
    LATE = "late"
    AFTER_NEXT = "after_next"
    TO_COME = "to_come"
    NOT_BEGUN = "not_begun"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """One step with its two dates; `days` is how many days the premises came later, less than zero: earlier."""

    name: str
    housing: dt.date | None
    premises: dt.date | None
    pace: Pace

    @property
    def days(self) -> int | None:
        return None if self.housing is None or self.premises is None else (self.premises - self.housing).days

    @property
    def is_late(self) -> bool:
        return self.pace in (Pace.LATE, Pace.AFTER_NEXT, Pace.TO_COME)

    @property
    def unknown(self) -> list[Fact]:
        """The dates that are not known."""
        named = {f"{HOUSING}_{self.name}": self.housing, f"{PREMISES}_{self.name}": self.premises}
        return [BOOKS[ESTATE].fact(name) for name, day in named.items() if day is None]


def steps_of(facts: Mapping[str, Value], day: dt.date) -> list[Step]:
    """The steps of an estate in their order, as they stand on a day."""
    dates = {who: [_date(facts, f"{who}_{name}") for name in STEPS] for who in (HOUSING, PREMISES)}
    return [
        Step(name, housing, premises, _pace(housing, premises, dates[HOUSING][number + 1 :], day))
        for number, (name, housing, premises) in enumerate(zip(STEPS, dates[HOUSING], dates[PREMISES], strict=True))
    ]


def _pace(housing: dt.date | None, premises: dt.date | None, later: list[dt.date | None], day: dt.date) -> Pace:
    if premises is not None and any(one is not None and premises > one for one in later):
        return Pace.AFTER_NEXT
    if housing is None or premises is None:
        return Pace.UNKNOWN
    if premises > day:
        return Pace.TO_COME if housing <= day else Pace.NOT_BEGUN
    return Pace.LATE if premises > housing else Pace.IN_TIME


def _date(facts: Mapping[str, Value], name: str) -> dt.date | None:
    value = facts.get(name)
    return value if isinstance(value, dt.date) else None


def asks_for_step(rule: StandardRule) -> bool:
    """Whether a standard asks that the premises keep step with the housing."""
    read = () if rule.met_when is None else tree.facts_of(rule.met_when)
    return f"{HOUSING}_delivered" in read and f"{PREMISES}_delivered" in read
