"""Institutions with their beds and carers: one that has what is asked, one that lacks carers, one half unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from songhe.common.credit_code import check_character
from songhe.demo.plans.cast import MADE_UP, Cast
from songhe.organisations.domain.registering import record_fact, register

_OPENED = dt.date(2021, 3, 1)
_PUBLIC = {"founder": "government", "operator": "private", "premises": "government", "registered": True, "filed": True}
_PRIVATE = {"founder": "social", "operator": "private", "premises": "rented", "registered": True, "filed": True}
_HOMES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "中心敬老院（演示）",
        _PUBLIC
        | {"running": True, "approved_beds": 160, "actual_beds": 150, "nursing_beds": 104, "carers": 20}
        | {"carers_certified": 20, "social_workers": 2, "medical_agreement": True, "grade": 1},
    ),
    (
        "松鹤养老院（演示）",
        _PRIVATE
        | {"running": True, "nonprofit": True, "approved_beds": 90, "actual_beds": 84, "nursing_beds": 40}
        | {"carers": 9, "carers_certified": 7, "social_workers": 0, "medical_agreement": False, "grade": 0},
    ),
    ("渠口颐养院（演示）", _PRIVATE | {"running": True, "approved_beds": 60, "medical_agreement": True}),
)


def register_homes(cast: Cast) -> None:
    places = cast.villages(len(_HOMES))
    for number, ((name, facts), place) in enumerate(zip(_HOMES, places, strict=True), 1):
        home = register(
            by=cast.bureau,
            name=name,
            code=_code(number),
            division=place,
            opened_on=_OPENED,
            is_institution=True,
        )
        for fact, value in facts.items():
            record_fact(by=cast.bureau, organisation=home, fact=fact, value=value, valid_from=_OPENED, document=MADE_UP)


def _code(number: int) -> str:
    """Nobody's: the division in it does not exist."""
    first = f"52999902{number:09d}"
    return first + check_character(first)
