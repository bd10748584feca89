"""What clerks were told (日志): a line before a write is asked for, one when it was acknowledged; not in the database.

Every line is on the disk before its writer goes on, so whoever is killed has promised nothing that is not here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# What a line says of a write: asked for; acknowledged; refused in words; no answer, so that nobody knows.
ASKED, DONE, REFUSED, UNKNOWN = "asked", "done", "refused", "unknown"


class Journal:
    """One process's own file; a line that a kill cut in half is followed by a new one."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(self._file, b"\n")

    def write(self, state: str, operation: str, key: str, **said: Any) -> None:
        line = {"state": state, "operation": operation, "key": key, **said}
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file)


@dataclass
class Written:
    """One write of the journals: whether it was acknowledged, with what, and what was said instead."""

    operation: str
    key: str
    done: dict[str, Any] | None = None
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read(folder: Path) -> list[Written]:
    """The writes of all journals of a folder, by operation and key."""
    found: dict[tuple[str, str], Written] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in _lines(path):
            state, operation, key = (line.pop(name) for name in ("state", "operation", "key"))
            one = found.setdefault((operation, key), Written(operation, key))
            if state == DONE:
                one.done = line
            elif state in (REFUSED, UNKNOWN):
                (one.refused if state == REFUSED else one.unknown).append(str(line["why"]))
    return list(found.values())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            # Its writer was killed in the middle of it: it was not acknowledged to anybody.
            continue
        if isinstance(said, dict):
            yield said
