"""Keeping one sealed file for good (密存): whole in its place or not at all, and gone once nothing names it."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from songhe.common.sealedfile import seal_file

_CHUNK = 1 << 20
# What was written and never named: its transaction failed, or the process died before it.
_UNNAMED = dt.timedelta(days=1)


@dataclass
class Kept:
    """What was sealed: bytes and SHA-256 of the content."""

    size: int = 0
    sha256: str = ""


def keep(path: Path, content: IO[bytes], *, name: str) -> Kept:
    """Seal the content at a path, bound to a name; nothing remains when it fails."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, kept = hashlib.sha256(), Kept()
    partial = path.with_suffix(".partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            seal_file(target, _counted(content, digest, kept), name=name)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    kept.sha256 = digest.hexdigest()
    return kept


def sweep(folder: Path, *, now: dt.datetime, named: Callable[[], Iterable[object]]) -> int:
    """Delete what has lain right in a folder for a day and nothing names. How many files went."""
    before = (now - _UNNAMED).timestamp()
    every = [path for path in folder.glob("*") if path.suffix in (".sealed", ".partial")]
    old = [path for path in every if path.stat().st_mtime < before]
    names = {str(name) for name in named()} if old else set()
    lost = [path for path in old if path.suffix == ".partial" or path.stem not in names]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _counted(content: IO[bytes], digest: hashlib._Hash, kept: Kept) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        kept.size += len(chunk)
        yield chunk
