"""A process killed in the middle of an import, and what the next one makes of it; in a database of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
ROWS, BLOCK = 400, 20
BEGIN = """
import io, sys, django
django.setup()
from django.core.management import call_command
from songhe.intake.domain import running
from songhe.intake.models import Import
running.BLOCK = {block}
"""
SEND = """
call_command("migrate", verbosity=0)
from songhe.accounts.models import Role
from songhe.intake.domain.receiving import receive
from tests.accounts.builders import holder
from tests.divisions.builders import small_city
from tests.intake.builders import csv_file, person
wang = holder(Role.CITY_BUREAU, small_city().city, "wang")
content = io.BytesIO(csv_file(person(n) for n in range(1, {rows} + 1)))
receive(user=wang, source="police", content=content, file_name="all.csv")
"""
RUN = """
import time
upload = Import.objects.get()
def told(done, total):
    print(done, flush=True)
    time.sleep(0.05)
running.run(user=upload.user, upload=upload, progress=told)
"""
LOOK = """
import json
from django.db.models import Count
from songhe.registry.models import FactRecord, Person
Import.objects.filter(state="running").update(heartbeat=None)
upload = Import.objects.get()
twice = FactRecord.objects.values("person", "fact").annotate(n=Count("pk")).filter(n__gt=1).count()
print(json.dumps([upload.state, upload.rows_done, Person.objects.count(), twice, upload.report.get("new")]))
"""


@pytest.fixture
def database(tmp_path: Path, tables: Path) -> Iterator[str]:
    """The address of a database of its own, in the engine of the tests."""
    if connection.vendor != "postgresql":
        shutil.copyfile(tables, tmp_path / "killed.sqlite3")
        yield f"sqlite:///{tmp_path / 'killed.sqlite3'}"
        return
    import psycopg

    address = os.environ["DATABASE_URL"]
    server, _, options = address.partition("?")
    name = f"songhe_killed_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server_connection:
        server_connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}?{options}"
        server_connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def program(database: str, tmp_path: Path) -> Callable[[str], subprocess.Popen[str]]:
    """Starts a process that does one step of the story."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "songhe.web.settings",
        "DATABASE_URL": database,
        "SONGHE_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }

    def start(step: str) -> subprocess.Popen[str]:
        source = (BEGIN + step).format(block=BLOCK, rows=ROWS)
        return subprocess.Popen(
            [sys.executable, "-c", source], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )

    return start


def test_nobody_is_recorded_twice_and_nobody_left_out(program: Callable[[str], subprocess.Popen[str]]) -> None:
    def done(step: str) -> str:
        output, _ = program(step).communicate(timeout=120)
        return output.strip().splitlines()[-1] if output.strip() else ""

    done(SEND)
    running = program(RUN)
    assert running.stdout is not None
    while int(running.stdout.readline()) < 5 * BLOCK:
        pass
    time.sleep(0.06)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    state, rows, people, twice, new = json.loads(done(LOOK))
    assert (state, twice) == ("running", 0)
    assert 5 * BLOCK <= rows < ROWS
    assert rows == people == new
    done(RUN)
    assert json.loads(done(LOOK)) == ["done", ROWS, ROWS, 0, ROWS]
