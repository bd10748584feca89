"""`songhe demo-year` on the terminal: what it refuses, before anything is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def demo_year(tmp_path: Path):
    """`demo_year("--months", "12")`: the command in a home of its own, without a database."""
    (tmp_path / "var").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SONGHE_", "DATABASE_URL"))}
    environment |= {"SONGHE_HOME": str(tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "songhe", "demo-year", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_a_database_without_tables_is_told_what_to_do(demo_year):
    told = demo_year()

    assert told.returncode != 0 and "songhe manage migrate" in told.stderr


def test_numbers_out_of_range_are_refused(demo_year):
    assert "--people" in demo_year("--people", "10").stderr
    assert "--months" in demo_year("--months", "2").stderr
