"""Judging an indicator (指标): a figure against its targets on a day, by exact fractions, in three answers.

What the document leaves open answers undetermined until somebody with the right defines it from a day on. A figure is
judged as it stands today; whether the target is due is said beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from songhe.decision.figure import Ends, FigureError, Part, Past, Reading, check_reading, ends_of, shown
from songhe.decision.goal import MET, NOT_MET, UNDETERMINED
from songhe.decision.judgement import LEVELS, Case, Dip, Judgement, is_above
from songhe.decision.openness import Definition, terms_of
from songhe.policy.indicator import Indicator
from songhe.policy.schema import Period

__all__ = [
    "LEVELS",
    "MET",
    "NOT_MET",
    "UNDETERMINED",
    "Definition",
    "Dip",
    "FigureError",
    "Judgement",
    "Part",
    "Past",
    "Reading",
    "judge",
]


def judge(
    indicator: Indicator,
    reading: Reading,
    as_of: dt.date,
    *,
    definition: Definition | None = None,
    history: Sequence[Past] = (),
    parts: Sequence[Part] = (),
    places: int | None = None,
    year_before: Reading | None = None,
    plan: Period | None = None,
    at: str = "city",
) -> list[Judgement]:
    """One judgement for each target.

    `at` is the level the reading is of, `city` being the document's own place; `parts` are the readings of the places
    below that the target speaks of, `places` how many of them there are; `history` earlier readings, of which those
    within the `plan` count. Raises FigureError for a figure that cannot be.
    """
    found = []
    for target in indicator.targets:
        terms = terms_of(indicator, target, as_of, definition, year_before)
        for each in (reading, *(past.reading for past in history), *(part.reading for part in parts)):
            check_reading(each, is_share=terms.is_share)
        case = Case(indicator, target, terms, reading, as_of, plan or Period(), at, history, parts, places)
        found.append(_judge(case))
    return found


def _judge(case: Case) -> Judgement:
    ends = _ends(case, case.reading)
    today = _answer(case, case.reading)
    failing = tuple(part for part in case.parts if _answer(case, part.reading) == NOT_MET)
    over = _over_places(case, today, failing)
    dips = _dips(case)
    by = case.target.by
    return Judgement(
        case=case,
        indicator=case.indicator,
        target=case.target,
        goal=case.goal,
        answer=_kept(case, over, dips),
        over_places=over,
        today=today,
        reading=case.reading,
        ends=ends,
        open_parts=case.terms.open_parts,
        definition=case.terms.definition,
        numerator=case.terms.numerator,
        denominator=case.terms.denominator,
        is_due=by is not None and case.as_of >= by,
        days_left=(by - case.as_of).days if by is not None else None,
        failing=failing,
        dips=dips,
    )


def _ends(case: Case, reading: Reading) -> Ends | None:
    """The value of a reading; what is counted as narrowly as the word allows may be any amount more."""
    ends = ends_of(reading, case.terms.scale, is_share=case.terms.is_share)
    if ends is None or not case.terms.is_narrow or reading.possible is not None:
        return ends
    return replace(ends, high=Fraction(100) if case.terms.is_share else None)


def _answer(case: Case, reading: Reading) -> str:
    """What a reading says by itself."""
    ends = _ends(case, reading)
    if ends is None or case.terms.is_blocked:
        return UNDETERMINED
    return case.goal.answer_between(ends)


# -- every place, or the whole


def _over_places(case: Case, total: str, failing: Sequence[Part]) -> str:
    """What the target says of the whole, when it speaks of every place below, or when it does not say of which."""
    level = case.indicator.level
    if level in ("city", "each") or case.terms.is_blocked or not is_above(case.at, level):
        return total
    if level == "open":
        return _either_way(case, total, failing)
    if failing or _some_place_falls_short(case):
        return NOT_MET
    return MET if _every_place_met(case) or _is_whole(case, total) else UNDETERMINED


def _either_way(case: Case, total: str, failing: Sequence[Part]) -> str:
    """The whole or each place is meant: undetermined where both are known to differ.

    What the whole fails, some place fails too. A share that the whole reaches stands until a place is known to fall
    short; a count that the whole reaches is no count of each.
    """
    if total != MET or _is_whole(case, total) or _every_place_met(case):
        return total
    return UNDETERMINED if failing or case.terms.scale is None else MET


def _every_place_met(case: Case) -> bool:
    """All places are known, and each reaches it."""
    count = case.places if case.places is not None else _counted_places(case)
    is_complete = bool(case.parts) and count == len(case.parts)
    return is_complete and all(_answer(case, part.reading) == MET for part in case.parts)


def _counted_places(case: Case) -> Fraction | None:
    """A count over places may carry their number as its denominator."""
    return case.reading.denominator if case.terms.scale is None else None


def _some_place_falls_short(case: Case) -> bool:
    """A mean below the target has a member below it: fewer things than places times the target, or a lower share."""
    ends = _ends(case, case.reading)
    goal = case.goal.value
    if ends is None or ends.high is None or goal is None or case.goal.direction not in ("at_least", "equal"):
        return False
    if case.terms.scale is not None:
        return ends.high < goal
    count = case.places if case.places is not None else _counted_places(case)
    return count is not None and ends.high < goal * count


def _is_whole(case: Case, total: str) -> bool:
    """All of all: then no place lacks anything."""
    ends = _ends(case, case.reading)
    return total == MET and case.terms.is_share and ends is not None and ends.low == 100


# -- what is to be kept


def _dips(case: Case) -> tuple[Dip, ...]:
    if not case.indicator.kept:
        return ()
    below = [past for past in _within_plan(case) if _answer(case, past.reading) == NOT_MET]
    return tuple(_dip(case, past) for past in below)


def _within_plan(case: Case) -> list[Past]:
    counted = (past for past in case.history if case.plan.contains(past.on) and past.on <= case.as_of)
    return sorted(counted, key=lambda past: past.on)


def _dip(case: Case, past: Past) -> Dip:
    ends = _ends(case, past.reading)
    return Dip(past.on, past.reading.text, shown(ends.low, case.goal.value) if ends else None)


def _kept(case: Case, answer: str, dips: Sequence[Dip]) -> str:
    """What was once below has not been kept, whatever it is today; what was once unclear may not have been."""
    if not case.indicator.kept:
        return answer
    if dips:
        return NOT_MET
    known = [past for past in _within_plan(case) if past.reading.numerator is not None]
    if answer == MET and any(_answer(case, past.reading) == UNDETERMINED for past in known):
        return UNDETERMINED
    return answer
