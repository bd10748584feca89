"""`songhe demo` on the terminal, in a home of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.conftest import bare, terminal

PEOPLE = "200"


@pytest.fixture
def songhe(home):
    """`songhe("demo")`: the command in a home with an empty database; `start=True` gives the running process."""

    def run(*arguments: str, start: bool = False, **more: str):
        if not start:
            return terminal(home, *arguments, **more)
        command = [sys.executable, "-m", "songhe", *arguments]
        return subprocess.Popen(
            command, env=bare(home) | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return run


def test_it_loads_once_and_tells_the_passwords_once(songhe, home):
    first = songhe("demo", "--people", PEOPLE)
    assert first.returncode == 0, first.stderr
    passwords = (home / "var" / "demo-sign-ins.txt").read_text("utf-8")
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


def test_a_reset_asks_and_without_a_terminal_deletes_nothing(songhe, home):
    refused = songhe("demo", "--reset")
    assert refused.returncode != 0 and "Nothing was deleted" in refused.stderr
    assert (home / "var" / "songhe.sqlite3").exists()
