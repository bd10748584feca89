"""Whether the process that took up some work is still there, as far as this machine can tell."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_BEGAN = 19  # field 22 of proc(5), counted behind the name in brackets


def own() -> str:
    """A name for this process that no later one gets: host, number and the moment it began."""
    return _name(os.getpid())


def is_gone(name: str) -> bool:
    """Whether the process surely ended; False also for one of another machine, of which nothing is known."""
    host, _, rest = name.rpartition("/")
    number = rest.partition("-")[0]
    if host != socket.gethostname() or not number.isdigit() or not Path("/proc/self/stat").exists():
        return False
    return _name(int(number)) != name


def _name(process: int) -> str:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return f"{socket.gethostname()}/{process}-"
    return f"{socket.gethostname()}/{process}-{stat.rpartition(')')[2].split()[_BEGAN]}"
