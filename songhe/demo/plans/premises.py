"""Estates: one with enough, one that lacks, one late beside its housing, one planned to be made up, two in a pool."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from songhe.demo.plans.cast import MADE_UP, Cast
from songhe.divisions.models import Division
from songhe.facilities.domain.making_up import confirm, plan, state_done
from songhe.facilities.domain.pooling import found_pool, join
from songhe.facilities.domain.registering import record_fact, register
from songhe.facilities.models import Estate

_BEGAN = dt.date(2024, 1, 1)
_STANDARD, _WAY = "QTX-STD-OLD-COMMUNITY", "租赁"
_STEPS = ("planned", "started", "completed", "accepted", "delivered")
# The days of planning, start, completion, acceptance and delivery, of the housing and of the premises.
_HOUSING = ("2023-12-01", "2024-01-20", "2025-05-20", "2025-06-10", "2025-06-30")
_LATE = ("2023-12-01", "2024-01-20", "2025-10-08", "2025-11-20", "2025-12-15")


def _steps(housing: tuple[str, ...], premises: tuple[str, ...]) -> dict[str, dt.date]:
    both = (("housing", housing), ("care_premises", premises))
    return {
        f"{of}_{step}": dt.date.fromisoformat(day) for of, days in both for step, day in zip(_STEPS, days, strict=True)
    }


# Name and facts. A new estate owes 0.3 square metres a household, an old one 300.
_ESTATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("鹤园小区", {"kind": "new", "households": 1200, "care_premises_m2": Decimal(300)}),
    ("松岭小区", {"kind": "new", "households": 800, "care_premises_m2": Decimal(260), **_steps(_HOUSING, _LATE)}),
    ("青禾小区", {"kind": "new", "households": 600, "care_premises_m2": Decimal(180), **_steps(_HOUSING, _HOUSING)}),
    ("渠畔小区", {"kind": "new", "care_premises_m2": Decimal(90)}),
    ("老街小区", {"kind": "old", "households": 420, "care_premises_m2": Decimal(120)}),
    ("北门小区", {"kind": "old", "households": 350, "care_premises_m2": Decimal(200)}),
    ("水泥厂家属院", {"kind": "old", "households": 160, "care_premises_m2": Decimal(40)}),
    ("粮库家属院", {"kind": "old", "households": 140, "care_premises_m2": Decimal(0)}),
)


def register_premises(cast: Cast) -> None:
    places = cast.villages(len(_ESTATES))
    made = {name: _register(cast, name, place, facts) for (name, facts), place in zip(_ESTATES, places, strict=False)}
    _plan(cast, made["老街小区"], Decimal(180), 180)
    _make_up(cast, made["北门小区"])
    _share(cast, made["水泥厂家属院"], made["粮库家属院"])


def _register(cast: Cast, name: str, place: Division, facts: dict[str, Any]) -> Estate:
    estate = register(by=cast.bureau, name=name, division=place, began_on=_BEGAN, document=MADE_UP)
    for fact, value in facts.items():
        record_fact(by=cast.bureau, of=estate, fact=fact, value=value, valid_from=_BEGAN, document=MADE_UP)
    return estate


def _plan(cast: Cast, estate: Estate, square_metres: Decimal, days: int) -> Any:
    return plan(
        by=cast.bureau,
        estate=estate,
        package=cast.package.id,
        standard=_STANDARD,
        way=_WAY,
        square_metres=square_metres,
        due=cast.today + dt.timedelta(days),
        document=MADE_UP,
    )


def _make_up(cast: Cast, estate: Estate) -> None:
    """Planned, stated as done and confirmed by another: the estate has what it owes."""
    lacking, done_on = Decimal(100), cast.today - dt.timedelta(10)
    planned = _plan(cast, estate, lacking, 30)
    state_done(by=cast.bureau, make_up=planned, on=done_on, square_metres=lacking, document=MADE_UP)
    confirm(by=cast.above, make_up=planned)


def _share(cast: Cast, *estates: Estate) -> None:
    pool = found_pool(by=cast.bureau, name="城南片统筹（演示）", division=cast.county)
    for estate in estates:
        join(by=cast.bureau, pool=pool, estate=estate, valid_from=_BEGAN, document=MADE_UP)
    for fact, value in (("shared_premises_m2", Decimal(320)), ("pooling_approved", True)):
        record_fact(by=cast.bureau, of=pool, fact=fact, value=value, valid_from=_BEGAN, document=MADE_UP)
