"""`songhe report` writes a month of a division as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from songhe.accounts.models import Role
from songhe.cli.main import main
from songhe.reports.models import Report
from tests.accounts.builders import holder
from tests.divisions.builders import small_city

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments])


def test_a_report_is_made_and_written_and_what_is_not_public_is_said(tmp_path: Path):
    city = small_city()
    holder(Role.COUNTY_BUREAU, city.counties[0], "chen")
    asked = ("--division", "990101", "--month", "2024-05", "--output", str(tmp_path / "out"))
    assert run(*asked, "--user", "chen", "--format", "docx,csv").exit_code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"songhe-990101-2024-05-v1.docx", "population.csv", "dictionary.csv"} <= names
    assert Report.objects.count() == 1
    refused = run(*asked, "--published")
    assert refused.exit_code != 0
    assert "没有现行的发布" in refused.output


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), "--month"),
        (("--month", "2024-05", "--year", "2024"), "--month"),
        (("--month", "2024-05", "--format", "pdf"), "pdf"),
        (("--month", "2024-05"), "--user"),
        (("--month", "May"), "2024-05"),
    ],
)
def test_what_is_missing_or_wrong_is_said(tmp_path: Path, more: tuple[str, ...], told: str):
    result = run("--division", "990101", "--output", str(tmp_path), *more)
    assert result.exit_code != 0
    assert told in result.output
