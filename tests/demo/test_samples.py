"""Files to try the import desk with: it takes what is right in them and sets aside what is planted."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from songhe.cli.main import main

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("source", "name", "least"),
    [
        ("civil_affairs", "民政-低保名册.csv", 4),
        ("disabled_federation", "残联-持证名册.xlsx", 1),
        ("community", "社区-探访记录.jsonl", 1),
        ("police", "公安-新增人口.csv", 0),
    ],
)
def test_a_trial_takes_what_is_right_and_sets_the_planted_mistakes_aside(loaded, home, source, name, least):
    path = home / "var" / "demo" / name
    done = CliRunner().invoke(
        main, ["import", "--source", source, "--file", str(path), "--user", "demo.county", "--dry-run"]
    )
    assert done.exit_code in (0, 1), done.output
    new, changed, _, aside = map(int, re.findall(r"(?:new|changed|unchanged|set aside): (\d+)", done.output))
    assert aside >= least and new + changed > 10 * aside


def test_they_are_for_their_owner_alone(loaded, home):
    modes = {path.stat().st_mode & 0o077 for path in (home / "var" / "demo").iterdir()}
    assert modes == {0}
