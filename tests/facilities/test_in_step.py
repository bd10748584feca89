"""Care premises in step with their housing: each step by its dates, beside what the package answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from songhe.decision.standard import decide_standards
from songhe.facilities.instep import STEPS, Pace, asks_for_step, steps_of
from songhe.policy.load import load_package

DAY = dt.date(2024, 1, 1)
DATES = {
    "planned": dt.date(2021, 3, 1),
    "started": dt.date(2021, 6, 1),
    "completed": dt.date(2023, 3, 1),
    "accepted": dt.date(2023, 5, 1),
    "delivered": dt.date(2023, 6, 1),
}


def facts(**change: Any) -> dict[str, Any]:
    both = {f"{who}_{step}": day for who in ("housing", "care_premises") for step, day in DATES.items()}
    found = {"kind": "new", **both, **change}
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("step", "premises", "pace", "days"),
    [
        ("accepted", dt.date(2023, 5, 1), Pace.IN_TIME, 0),
        ("accepted", dt.date(2023, 4, 1), Pace.IN_TIME, -30),
        ("accepted", dt.date(2023, 5, 20), Pace.LATE, 19),
        ("accepted", dt.date(2023, 6, 2), Pace.AFTER_NEXT, 32),
        ("delivered", dt.date(2024, 1, 2), Pace.TO_COME, 215),
        ("started", None, Pace.UNKNOWN, None),
    ],
)
def test_each_step_says_by_how_many_days_it_is_late(
    step: str, premises: dt.date | None, pace: Pace, days: int | None
) -> None:
    found = {one.name: one for one in steps_of(facts(**{f"care_premises_{step}": premises}), DAY)}
    assert (found[step].pace, found[step].days) == (pace, days)


def test_a_date_that_is_unknown_is_named() -> None:
    (step,) = [one for one in steps_of(facts(housing_planned=None), DAY) if one.pace is Pace.UNKNOWN]
    assert [fact.name for fact in step.unknown] == ["housing_planned"]


def _all_on(early: str, late: str, *earlier: str) -> dict[str, dt.date | None]:
    """Every step on the late day, those named on the early one."""
    names = [f"{who}_{step}" for who in ("housing", "care_premises") for step in STEPS]
    return {name: dt.date.fromisoformat(early if name in earlier else late) for name in names}


# Dates that contradict their own order are nobody's proof of anything.
_OUT_OF_ORDER = [
    _all_on("2021-03-01", "2024-06-01", "care_premises_started", "care_premises_completed", "care_premises_delivered"),
    _all_on("2021-03-01", "2023-06-01", "housing_started"),
]
_some_day = st.none() | st.sampled_from(sorted(DATES.values())) | st.just(dt.date(2024, 6, 1))


@example(_OUT_OF_ORDER[0])
@example(_OUT_OF_ORDER[1])
@settings(max_examples=60)
@given(st.fixed_dictionaries({f"{who}_{step}": _some_day for who in ("housing", "care_premises") for step in STEPS}))
def test_what_the_steps_show_and_what_the_package_answers_agree(dates: dict[str, dt.date | None]) -> None:
    """Surely not together: a step still to come behind the housing's, or taken after its next. Together: none late."""
    known = {name: day for name, day in dates.items() if day is not None}
    package = load_package("dongying-2024")
    decided = decide_standards(package, DAY, "estate", {"kind": "new", **known})
    (answer,) = [one.answer for one in decided if asks_for_step(one.rule)]
    paces = {one.pace for one in steps_of(known, DAY)}
    if paces & {Pace.AFTER_NEXT, Pace.TO_COME}:
        assert answer == "not_met"
    elif paces == {Pace.IN_TIME}:
        assert answer == "met"
    else:
        assert answer == "undetermined"
