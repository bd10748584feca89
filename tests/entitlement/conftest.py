"""A county that pays an allowance, and the months it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from songhe.policy.load import load_package
from tests.registry.conftest import by, divisions, register  # noqa: F401

PACKAGE = str(Path(__file__).parent / "policies" / "small-county")
VILLAGE, NEXT_VILLAGE, ELSEWHERE = "640381001201", "640381002201", "640302001201"


@pytest.fixture(scope="session")
def package() -> Any:
    return load_package(PACKAGE)


@pytest.fixture
def runs_home(settings: Any, tmp_path: Path) -> Path:
    settings.RUNS = tmp_path / "runs"
    return settings.RUNS


@pytest.fixture
def county(divisions: dict[str, int]) -> int:  # noqa: F811
    return divisions["640381"]


@pytest.fixture
def clerks(county: int) -> dict[str, Any]:
    """Chen makes the runs, Director Ma answers for them."""
    from songhe.accounts.models import Role
    from songhe.divisions.models import Division
    from tests.accounts.builders import holder

    home = Division.objects.get(pk=county)
    return {name: holder(Role.COUNTY_BUREAU, home, name) for name in ("chen", "ma")}


@pytest.fixture
def decide(runs_home: Path, county: int, package: Any, clerks: dict[str, Any]) -> Callable[..., Any]:
    """`decide(202606)`: the run of a month, made by Chen and not accepted yet."""
    from songhe.entitlement.domain.running import run_month

    def make(month: int, **more: Any) -> Any:
        return run_month(**{"county": county, "month": month, "package": package, "by": clerks["chen"], **more})

    return make


@pytest.fixture
def pay(decide: Callable[..., Any], clerks: dict[str, Any]) -> Callable[..., Any]:
    """`pay(202606)`: a run that Director Ma accepts."""
    from songhe.entitlement.domain.accepting import accept, answer

    def make(month: int, **more: Any) -> Any:
        run = decide(month, **more)
        if run.state == "held":
            answer(run=run, by=clerks["ma"], text="已核实。")
        return accept(run=run, by=clerks["ma"])

    return make


@pytest.fixture
def lines() -> Callable[..., Any]:
    """`lines(run)`: what it pays and takes back, as (person, item, month, fen, kind)."""
    from songhe.entitlement.models import Line

    def read(run: Any) -> list[tuple[Any, ...]]:
        rows = Line.objects.filter(run=run).order_by("person", "item", "month")
        return list(rows.values_list("person", "item", "month", "fen", "kind"))

    return read


def born(age: int, on: dt.date = dt.date(2026, 1, 1)) -> str:
    """A birth date of somebody of that age on a day, whose birthday is not near."""
    return f"{on.year - age - 1}-07-15"


@pytest.fixture
def granted(clerks: dict[str, Any], county: int, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`granted(li, "DISABILITY")`: granted before the platform, as Chen states and Ma confirms."""
    from songhe.casework.domain.taking_over import Stated, take_over
    from songhe.casework.models import Case

    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))

    def make(person: Any, item: str, on: dt.date = dt.date(2025, 12, 1), package: str = "small-county") -> Case:
        rows = [Stated(person.pk, item, on, "2025年12月发放名册")]
        done = take_over(stated_by=clerks["chen"], confirmed_by=clerks["ma"], package=package, rows=rows)
        assert (done.made, done.faults) == (1, ())
        return Case.objects.order_by("-pk")[0]

    return make
