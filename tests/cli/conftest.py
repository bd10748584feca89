"""The command line as its users call it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from songhe.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def songhe() -> Run:
    """Runs `songhe …` with text or JSON-ready rows on standard input."""

    def run(*arguments: object, rows: list[Any] | None = None, text: str | bytes | None = None) -> Result:
        given = text if rows is None else "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)

    return run


def terminal(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`songhe …` as a process of its own, with nothing set but its home and `more`."""
    command = [sys.executable, "-m", "songhe", *arguments]
    return subprocess.run(command, env=bare(home) | more, capture_output=True, text=True, check=False)


def bare(home: Path) -> dict[str, str]:
    """The environment without what is set for the tests themselves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SONGHE_", "DATABASE_URL"))}
    return kept | {"SONGHE_HOME": str(home)}


@pytest.fixture
def home(tables: Path, tmp_path: Path) -> Path:
    """A home whose SQLite database has its tables and nothing else."""
    (tmp_path / "var").mkdir()
    shutil.copyfile(tables, tmp_path / "var" / "songhe.sqlite3")
    return tmp_path
