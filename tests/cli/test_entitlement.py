"""`songhe entitlement`: a month from the terminal, by two people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from songhe.registry.domain.facts import record_death
from tests.entitlement.conftest import (  # noqa: F401
    ELSEWHERE,
    PACKAGE,
    VILLAGE,
    born,
    clerks,
    county,
    runs_home,
)
from tests.registry.conftest import by, divisions, register  # noqa: F401

Run = Callable[..., Result]
CODE = ("--county", "640381")


@pytest.fixture
def li(register: Callable[..., Any], clerks: dict[str, Any], runs_home: Any) -> Any:  # noqa: F811
    return register(hukou=VILLAGE, alive=True, birth_date=born(82))


def decide(songhe: Run, month: str) -> Result:
    return songhe("entitlement", "run", *CODE, "--month", month, "--package", PACKAGE, "--user", "chen")


def test_a_month_is_decided_by_one_and_accepted_by_another(songhe: Run, li: Any) -> None:
    made = decide(songhe, "2026-05")
    assert made.exit_code == 0, made.output
    assert "应发 due 60" in made.output
    refused = songhe("entitlement", "accept", *CODE, "--user", "chen")
    assert refused.exit_code == 2
    assert "经办人" in refused.output
    accepted = songhe("entitlement", "accept", *CODE, "--user", "ma")
    assert accepted.exit_code == 0, accepted.output
    assert "已采用" in accepted.output
    again = songhe("entitlement", "accept", *CODE, "--user", "ma")
    assert again.exit_code == 2


def test_what_differs_comes_as_json_lines(songhe: Run, li: Any, by: Callable[..., Any]) -> None:  # noqa: F811
    decide(songhe, "2026-05")
    songhe("entitlement", "accept", *CODE, "--user", "ma")
    record_death(by=by(), person=li, on=dt.date(2026, 5, 12))
    held = decide(songhe, "2026-06")
    assert held.exit_code == 3, held.output
    told = songhe("entitlement", "differences", *CODE, "--user", "ma")
    assert [json.loads(line) for line in told.output.splitlines()] == [
        {
            "person": str(li.public_id),
            "item": "ALLOWANCE",
            "month": "2026-05",
            "fen": -6000,
            "kind": "recovery",
            "answer": "not_entitled",
            "decided": 0,
            "accounted": 6000,
            "clauses": ["T-1"],
        }
    ]
    assert songhe("entitlement", "accept", *CODE, "--user", "ma").exit_code == 2
    assert songhe("entitlement", "answer", *CODE, "--user", "ma", "--text", "唯一一位已去世。").exit_code == 0
    assert songhe("entitlement", "accept", *CODE, "--user", "ma").exit_code == 0


def test_an_open_run_is_withdrawn_and_a_files_hash_tells(songhe: Run, li: Any) -> None:
    decide(songhe, "2026-05")
    assert songhe("entitlement", "verify", *CODE, "--package", PACKAGE).exit_code == 0
    assert songhe("entitlement", "verify", *CODE, "--package", f"{PACKAGE}-reform").exit_code == 2
    assert songhe("entitlement", "withdraw", *CODE, "--reason", "重做").exit_code == 0
    assert songhe("entitlement", "accept", *CODE, "--user", "ma").exit_code == 2


def test_a_reform_is_tried_out(songhe: Run, li: Any) -> None:
    tried = songhe(
        *("entitlement", "simulate", *CODE, "--month", "2026-05", "--months", "2"),
        *("--now", PACKAGE, "--package", f"{PACKAGE}-reform"),
    )
    assert tried.exit_code == 0, tried.output
    found = json.loads(tried.output)
    assert (found["winners"], found["losers"], found["fen"]) == (1, 0, [12000, 16000])
    assert found["county"] == "640381"


def test_a_reform_of_a_city_keeps_its_counties_apart(songhe: Run, li: Any, register: Callable[..., Any]) -> None:  # noqa: F811
    register(hukou=ELSEWHERE, alive=True, birth_date=born(91))
    asked = ("entitlement", "simulate", "--county", "640300", "--month", "2026-05", "--months", "2")
    tried = songhe(*asked, "--now", PACKAGE, "--package", f"{PACKAGE}-reform")
    assert tried.exit_code == 0, tried.output
    found = json.loads(tried.stdout)
    assert (found["county"], found["people"], found["fen"]) == ("640300", 2, [42000, 44000])
    apart = [(one["county"], one["winners"], one["losers"], one["fen"]) for one in found["counties"]]
    assert apart == [("640302", 0, 1, [30000, 28000]), ("640381", 1, 0, [12000, 16000])]
    assert tried.stderr.splitlines() == ["1/2", "2/2"]
    refused = songhe(*asked, "--now", PACKAGE, "--package", f"{PACKAGE}-reform", "--user", "chen")
    assert refused.exit_code == 2


@pytest.mark.parametrize("month", ["2026-13", "202605", "May"])
def test_a_month_that_is_none_is_told(songhe: Run, li: Any, month: str) -> None:
    assert "--month" in decide(songhe, month).output
