"""A SQLite file with all tables and nothing in them, made once for all workers and kept until a migration changes."""

from __future__ import annotations

import ast
import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[1]
# What else decides which tables there are: the apps, and the libraries that bring some.
_BESIDE = ("songhe/web/settings.py", "songhe/web/database.py", "requirements-test.txt")


def tables_file(kept: Path) -> Path:
    """The file in the folder `kept`; whoever comes first makes it, by `songhe manage migrate`, and the others wait."""
    made = kept / f"{_digest()}.sqlite3"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_file():
            for old in kept.glob("*.sqlite3"):
                old.unlink()
            _migrate(made)
    return made


def fill(database: sqlite3.Connection, tables: Path) -> None:
    """Give an empty database the tables of the file."""
    source = sqlite3.connect(tables)
    try:
        source.backup(database)
    finally:
        source.close()


def _migrate(made: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SONGHE_", "DATABASE_URL"))}
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "var").mkdir()
        command = [sys.executable, "-m", "songhe", "manage", "migrate", "--verbosity", "0"]
        done = subprocess.run(
            command, cwd=_ROOT, env=inherited | {"SONGHE_HOME": home}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        written = Path(home) / "var" / "songhe.sqlite3"
        assert not written.with_name(f"{written.name}-wal").exists(), "the last one to close leaves no journal"
        beside = made.with_suffix(".partial")
        shutil.copyfile(written, beside)
        beside.replace(made)


@functools.cache
def _digest() -> str:
    """Of the migrations and all of ours that they import."""
    seen: set[Path] = set()
    waiting = [*sorted(_ROOT.glob("songhe/*/migrations/*.py"))]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported(path)
    digest = hashlib.sha256()
    for path in [*sorted(seen), *(_ROOT / name for name in _BESIDE)]:
        digest.update(f"{path.relative_to(_ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        for name in names:
            file = _ROOT / f"{name.replace('.', '/')}.py"
            if name.startswith("songhe.") and file.is_file():
                yield file
