"""`songhe snapshot`: from the registry to a file that `songhe run` decides on; and `songhe manage`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import Result

from songhe.accounts.models import Role
from songhe.registry.domain.facts import register_person
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from tests.accounts.builders import holder
from tests.divisions.builders import SmallCity, small_city

Run = Callable[..., Result]
COUNTY = "990101"


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def grandma(city: SmallCity) -> None:
    """Somebody of the first county, born on 1 May 1944."""
    said = {"birth_date": "1944-05-01", "alive": True, "hukou": f"{COUNTY}001001"}
    register_person(
        by=Author(user=None, source="police"), statements=[Statement(fact, value) for fact, value in said.items()]
    )


def test_a_county_is_written_and_decided(songhe: Run, grandma: None, tmp_path: Path) -> None:
    written = songhe("snapshot", "--county", COUNTY, "--on", "2024-05-31", "--output", tmp_path)
    assert written.exit_code == 0, written.output
    (path,) = tmp_path.glob("*.parquet")
    assert path.name.startswith(f"{COUNTY}-2024-05-31-known-")
    assert pq.read_table(path).num_rows == 1
    decided = songhe(
        *("run", "--policy", "suizhou-2023", "--months", "2024-05"),
        *("--population", path, "--output", tmp_path / "run"),
    )
    assert decided.exit_code == 0, decided.output


def test_what_was_not_known_then_is_not_in_it(songhe: Run, grandma: None, tmp_path: Path) -> None:
    yesterday = dt.date.today() - dt.timedelta(days=2)
    result = songhe("snapshot", "--county", COUNTY, "--known-at", yesterday, "--output", tmp_path)
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_user_writes_within_their_scope(songhe: Run, city: SmallCity, grandma: None, tmp_path: Path) -> None:
    holder(Role.COUNTY_BUREAU, city.counties[0], "here")
    holder(Role.COUNTY_BUREAU, city.counties[1], "there")
    assert songhe("snapshot", "--county", COUNTY, "--user", "there", "--output", tmp_path).exit_code == 2
    assert songhe("snapshot", "--county", COUNTY, "--user", "nobody", "--output", tmp_path).exit_code == 2
    assert list(tmp_path.iterdir()) == []
    assert songhe("snapshot", "--county", COUNTY, "--user", "here", "--output", tmp_path).exit_code == 0


@pytest.mark.parametrize(("option", "value"), [("--county", "123456"), ("--on", "2024-13-01"), ("--on", "soon")])
def test_nonsense_is_told(songhe: Run, grandma: None, tmp_path: Path, option: str, value: str) -> None:
    given = {"--county": COUNTY, "--output": tmp_path, option: value}
    result = songhe("snapshot", *(part for pair in given.items() for part in pair))
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_housekeeping_is_reached_from_here(songhe: Run, city: SmallCity, capfd: pytest.CaptureFixture[str]) -> None:
    assert songhe("manage", "verify_audit").exit_code == 0
