"""The database of a soak: a PostgreSQL of its own that can be killed, or a SQLite file that cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_VERSIONS = Path("/usr/lib/postgresql")


class Sqlite:
    """A file; nobody stops it, and its writers wait for each other."""

    name, can_be_killed = "sqlite", False

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'soak.sqlite3'}"

    def start(self) -> None:
        """It is there."""

    def stop(self) -> None:
        """It stays."""


class Postgres:
    """A server on a Unix socket, with its own settings, so that a commit is on the disk when it is acknowledged."""

    name, can_be_killed = "postgresql", True

    def __init__(self, folder: Path) -> None:
        self._home, self._bin = folder / "postgresql", _programs()
        self._as_owner: list[str] = []
        self._home.mkdir()
        if os.getuid() == 0:
            # The server refuses to run as root.
            self._as_owner = ["runuser", "-u", "postgres", "--"]
            folder.chmod(0o755)
            shutil.chown(self._home, "postgres")
        self._run("initdb", "-D", str(self._data), "-U", "songhe", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.url = f"postgresql://songhe@/songhe?host={self._home}"
        self.start()
        self._run("createdb", "-h", str(self._home), "-U", "songhe", "songhe")

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def start(self) -> None:
        """Comes back once it takes connections again."""
        options = f"-k '{self._home}' -c listen_addresses='' -c max_connections=60"
        log = str(self._home / "server.log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-w", "-t", "120", "-o", options, "start")

    def stop(self) -> None:
        """At once and without a word to anybody, as when the power fails."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # The server keeps what it is started with open: its output goes to its own log.
        with (self._home / "programs.log").open("ab") as log:
            command = [*self._as_owner, str(self._bin / program), *arguments]
            subprocess.run(command, cwd="/", stdout=log, stderr=log, check=True)


def _programs() -> Path:
    """Where the server's programs lie: the newest of Debian's folders, or in PATH."""
    if versions := sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])):
        return versions[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).parent
    raise SystemExit("没有找到 PostgreSQL 服务器（initdb）。 No PostgreSQL server (initdb) was found.")
