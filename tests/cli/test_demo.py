"""`songhe demo` on the terminal, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PEOPLE = "200"


@pytest.fixture
def songhe(tmp_path: Path):
    """`songhe("demo")`: the command in an empty home; `start=True` gives the running process."""
    (tmp_path / "var").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SONGHE_", "DATABASE_URL"))}
    environment |= {"SONGHE_HOME": str(tmp_path)}

    def run(*arguments: str, start: bool = False, **more: str):
        command = [sys.executable, "-m", "songhe", *arguments]
        options = {"env": environment | more, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, **options) if start else subprocess.run(command, **options)

    assert run("manage", "migrate", "--verbosity", "0").returncode == 0
    return run


def test_it_loads_once_and_tells_the_passwords_once(songhe, tmp_path):
    first = songhe("demo", "--people", PEOPLE)
    assert first.returncode == 0, first.stderr
    passwords = (tmp_path / "var" / "demo-sign-ins.txt").read_text("utf-8")
    password = passwords.splitlines()[1].split("\t")[2]
    assert password in first.stdout and len(first.stderr.splitlines()) < 25
    second = songhe("demo")
    assert second.returncode == 0 and "is left as it is" in second.stdout and password not in second.stdout
    assert songhe("demo", "code", "demo.county").stdout.strip().isdigit()


def test_killed_half_way_it_starts_again_cleanly(songhe):
    process = songhe("demo", "--people", PEOPLE, start=True)
    while not process.stderr.readline().startswith(" 50 %"):
        assert process.poll() is None
    process.kill()
    process.communicate()
    again = songhe("demo", "--people", PEOPLE)
    assert again.returncode == 0 and "demo.city" in again.stdout, again.stderr


def test_there_is_none_in_production(songhe):
    secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    keys = f"k:aes-256-gcm:{secret} s:hmac-sha256:{secret}"
    refused = songhe("demo", SONGHE_PRODUCTION="1", SONGHE_KEYS=keys)
    assert refused.returncode != 0 and "no demo in production" in refused.stderr


def test_a_reset_asks_and_without_a_terminal_deletes_nothing(songhe, tmp_path):
    refused = songhe("demo", "--reset")
    assert refused.returncode != 0 and "Nothing was deleted" in refused.stderr
    assert (tmp_path / "var" / "songhe.sqlite3").exists()
