"""Institutions and providers for tests; no real one bears these codes."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from songhe.accounts.models import User
from songhe.common.credit_code import check_character
from songhe.divisions.models import Division
from songhe.organisations.domain.accounts import confirm_account, state_account
from songhe.organisations.domain.registering import record_fact, register
from songhe.organisations.models import BankAccount, Organisation

_numbers = count(1)
OPENED = dt.date(2020, 1, 1)


def credit_code(number: int | None = None) -> str:
    """A code that is none of anybody's: the division in it does not exist."""
    first = f"52999901{(number or next(_numbers)):09d}"
    return first + check_character(first)


def organisation(by: User, division: Division, **more: Any) -> Organisation:
    values = {"name": "松鹤养老院", "code": credit_code(), "opened_on": OPENED, "is_institution": True}
    return register(by=by, division=division, **{**values, **more})


def account_for(one: Organisation, by: User, other: User, number: str = "6222020200000017") -> BankAccount:
    """An account that one user stated and another confirmed."""
    stated = state_account(by=by, organisation=one, name=one.name, account=number, document="开户证明")
    confirm_account(by=other, account=stated)
    return stated


def know(by: User, one: Organisation, on: dt.date = OPENED, **facts: Any) -> None:
    for fact, value in facts.items():
        record_fact(by=by, organisation=one, fact=fact, value=value, valid_from=on, document="核定文件")
