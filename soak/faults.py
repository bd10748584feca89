"""What goes wrong while everybody works: processes killed and started again, the database stopped without a word."""

from __future__ import annotations

import math
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from soak.city import environment
from soak.clerks.__main__ import KINDS
from soak.engines import Postgres, Sqlite

ROOT = Path(__file__).resolve().parent.parent
_LONGEST_START = 180.0


@dataclass
class Told:
    """What was done to the processes, and for how many seconds something could not be used."""

    kills: Counter[str] = field(default_factory=Counter)
    downtime: Counter[str] = field(default_factory=Counter)
    # Processes that ended by themselves: none should.
    died: list[str] = field(default_factory=list)
    # Number and hash of the audit trail's last line, as committed before the database was stopped.
    heads: list[tuple[int, str]] = field(default_factory=list)


class Office:
    """The server, the worker beside it and the clerks, each of which is started again when it was killed."""

    def __init__(self, home: Path, engine: Postgres | Sqlite) -> None:
        self.home, self.engine, self.until, self.told = home, engine, math.inf, Told()
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._is_up, self._rested = threading.Event(), 0.0
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def open(self, *, clerks: int) -> None:
        """The server first: clerks sign in at once. Comes back when all have begun; `close_at` says until when."""
        self.start("server")
        self.start("worker")
        self.wait_for_server()
        self._is_up.set()
        for kind in KINDS:
            for number in range(clerks):
                self.start(f"{kind}{number}")
        while len(list((self.home / "journals").glob("*.jsonl"))) < len(self.clerks()):
            self.look_after()
            time.sleep(0.2)

    def close_at(self, until: float) -> None:
        self.until = until
        (self.home / "until").write_text(str(until))

    def start(self, name: str) -> None:
        commands = {
            "server": ["songhe", "serve", "--port", str(self.port)],
            "worker": ["songhe", "worker"],
        }
        clerk = ["soak.clerks", name, str(self.home), self.address]
        with (self.home / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *commands.get(name, clerk)],
                cwd=ROOT,
                env={**os.environ, **environment(self.home, self.engine.url), "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """Without a word, and started again."""
        if name == "server":
            if not self._is_up.is_set() or time.monotonic() < self._rested:
                # On a busy machine it would be away most of the day.
                return
            self._is_up.clear()
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        self.told.kills[name.rstrip("0123456789")] += 1
        self.start(name)
        if name == "server":
            # Other things go wrong while it comes up.
            threading.Thread(target=self._watch, args=(time.monotonic(),), daemon=True).start()

    def _watch(self, begun: float) -> None:
        self.wait_for_server()
        took = time.monotonic() - begun
        self._rested = time.monotonic() + took
        self._is_up.set()
        self.told.downtime["server"] += round(took)

    def stop_database(self, seconds: float) -> None:
        self.told.heads += _head()
        begun = time.monotonic()
        self.engine.stop()
        time.sleep(seconds)
        self.engine.start()
        self.told.kills["database"] += 1
        self.told.downtime["database"] += round(time.monotonic() - begun)

    def look_after(self) -> None:
        """Whoever ended by an error of their own is noted, and started again."""
        for name, process in list(self._running.items()):
            code = process.poll()
            if code is not None and time.time() < self.until:
                self.told.died.append(f"{name} ended with {code}")
                self.start(name)
                if name == "server":
                    self._is_up.clear()
                    threading.Thread(target=self._watch, args=(time.monotonic(),), daemon=True).start()

    def clerks(self) -> list[str]:
        return [name for name in self._running if name not in ("server", "worker")]

    def wait_for_clerks(self, seconds: float) -> None:
        """Their time is over; they end what they are at."""
        for name in self.clerks():
            try:
                code = self._running[name].wait(max(1.0, seconds - (time.time() - self.until)))
            except subprocess.TimeoutExpired:
                self.told.died.append(f"{name} did not end")
                self._running[name].kill()
                self._running[name].wait()
            else:
                if code:
                    self.told.died.append(f"{name} ended with {code}")

    def close(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.kill()
                process.wait()

    def wait_for_server(self) -> None:
        """Until it answers. Raises RuntimeError when it never does."""
        latest = time.monotonic() + _LONGEST_START
        while time.monotonic() < latest:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)
        raise RuntimeError(f"the server did not come up; see {self.home / 'server.log'}")


def disturb(office: Office, seconds: float, chance: random.Random) -> None:
    """One thing after another, until the time is over; the database twice, where it can be stopped."""
    start = time.time()
    databases = [0.3, 0.65] if office.engine.can_be_killed else []
    while (left := office.until - time.time()) > 0:
        time.sleep(min(left, chance.uniform(0.03, 0.08) * seconds))
        office.look_after()
        if time.time() >= office.until:
            return
        if databases and time.time() - start > databases[0] * seconds:
            databases.pop(0)
            office.stop_database(chance.uniform(0.5, 2))
        else:
            name, *_ = chance.choices(["worker", "server", chance.choice(office.clerks())], [4, 2, 3])
            office.kill(name)


def _head() -> list[tuple[int, str]]:
    from django.db import connection

    from songhe.accounts.domain.audit import head

    last = head()
    # This connection would not outlive the database.
    connection.close()
    return [] if last is None else [last]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
