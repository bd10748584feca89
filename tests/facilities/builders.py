"""Estates for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from songhe.accounts.models import User
from songhe.divisions.models import Division
from songhe.facilities.domain.pooling import found_pool, join
from songhe.facilities.domain.registering import record_fact, register
from songhe.facilities.models import Estate, Pool

BEGAN = dt.date(2015, 1, 1)
DAY = dt.date(2024, 6, 1)


def estate(by: User, division: Division, name: str = "松苑小区", on: dt.date = BEGAN, **facts: Any) -> Estate:
    made = register(by=by, name=name, division=division, began_on=on, document="规划许可")
    know(by, made, **facts)
    return made


def know(by: User, of: Estate | Pool, on: dt.date = BEGAN, **facts: Any) -> None:
    for fact, value in facts.items():
        record_fact(by=by, of=of, fact=fact, value=value, valid_from=on, document="现场核实")


def pool(by: User, *estates: Estate, name: str = "合用一处", on: dt.date = BEGAN, **facts: Any) -> Pool:
    made = found_pool(by=by, name=name, division=estates[0].division)
    for one in estates:
        join(by=by, pool=made, estate=one, valid_from=on, document="统筹批复")
    know(by, made, **facts)
    return made
