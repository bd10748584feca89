"""Institutions and providers for tests; no real one bears these codes."""

from __future__ import annotations

import datetime as dt
import shutil
from itertools import count
from pathlib import Path
from typing import Any

from songhe.accounts.models import User
from songhe.common.credit_code import check_character
from songhe.divisions.models import Division
from songhe.organisations.domain.accounts import confirm_account, state_account
from songhe.organisations.domain.contracts import confirm_contract, state_contract
from songhe.organisations.domain.registering import record_fact, register
from songhe.organisations.models import BankAccount, Contract, Organisation
from songhe.policy.folders import BUILT_IN

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


def contract(by: User, other: User, one: Organisation, **more: Any) -> Contract:
    """A confirmed contract of 2024: 50 yuan an hour, up to 10,000 yuan."""
    values = {
        "division": one.division,
        "document": "松民购〔2024〕3号",
        "service": "上门照护",
        "package": "suizhou-2023",
        "clause": "SZ-L-03",
        "unit": "小时",
        "price": 5_000,
        "ceiling": 1_000_000,
        "valid_from": dt.date(2024, 1, 1),
        "valid_to": dt.date(2024, 12, 31),
    }
    stated = state_contract(by=by, organisation=one, **{**values, **more})
    confirm_contract(by=other, contract=stated)
    return stated


def county_package(folder: Path, division: str) -> str:
    """A county's own package in a folder, in force: the sums of the example for another place. Its id comes back."""
    id = f"own-county-{division}"
    shutil.copytree(BUILT_IN / "xinxiang-county-example", folder / id)
    document = folder / id / "document.yaml"
    text = document.read_text(encoding="utf-8").replace("id: xinxiang-county-example", f"id: {id}")
    text = text.replace("status: example\n", "").replace("'410799'", f"'{division}'")
    document.write_text(text, encoding="utf-8")
    return id
