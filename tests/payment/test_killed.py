"""A batch killed at any point and gone on with pays nobody twice and forgets nobody, on both engines."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
_DATABASE = "songhe_killed"
# Every transaction on the way has two writes at least: killed after every second one, none is spared.
_STEP = 2


@pytest.fixture
def database_url(tmp_path: Path, tables: Path) -> Iterator[str]:
    """A database of its own, which several processes can open."""
    if connection.vendor == "sqlite":
        shutil.copyfile(tables, tmp_path / "killed.sqlite3")
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {_DATABASE}")
        yield urlunsplit(urlsplit(url)._replace(path=f"/{_DATABASE}"))
        server.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)")


def test_whoever_is_killed_after_any_write_pays_nobody_twice_and_forgets_nobody(
    tmp_path: Path, database_url: str
) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.payment.killed", str(bank), str(_STEP)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url, "SONGHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    # The way has some ninety writes; were there far fewer, nothing would have been tested.
    assert json.loads(done.stdout.splitlines()[-1])["rounds"] * _STEP > 70
