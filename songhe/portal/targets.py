"""The targets of a document for its page: what is to be reached, by when, and what the document leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from songhe.common import clock
from songhe.common.days import write_day
from songhe.common.text import Text, join, say
from songhe.decision.indicator import Reading, judge
from songhe.decision.wording import PART_NAMES
from songhe.policy.indicator import Indicator
from songhe.policy.package import Package

_NATURES = {"binding": say("约束性", "binding"), "expected": say("预期性", "expected")}


@dataclass(frozen=True)
class Aim:
    """One target of one indicator; `text` is in the document's own units."""

    indicator: Indicator
    text: str
    by: Text
    nature: Text | None
    soft: str | None
    open: Text | None
    clauses: tuple[str, ...]


def aims_of(package: Package) -> Iterator[Aim]:
    """Every target as it is read today."""
    for indicator in package.indicators.values():
        for judged in judge(indicator, Reading(None), clock.today()):
            by = judged.target.by
            yield Aim(
                indicator,
                judged.target_text,
                write_day(by) if by else say("没有写期限", "no date written"),
                _NATURES.get(indicator.nature),
                judged.soft,
                join([PART_NAMES[part] for part in judged.open_parts], "、", ", ") if judged.open_parts else None,
                judged.clauses,
            )
