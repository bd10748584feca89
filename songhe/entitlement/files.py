"""Where the files of runs lie, and whether they are still what they were."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

from songhe.entitlement.models import Run

_KEPT = dt.timedelta(days=1)


def home() -> Path:
    """The folder of all runs; what is in it reads like a snapshot: ids and facts, no name and no number."""
    return Path(settings.RUNS)


def folder_of(run: Run) -> Path:
    return home() / run.folder


def masks_of(run: Run, month: int | None = None) -> Path:
    """The decisions of a month (the run's own) that the run decided for everybody."""
    return folder_of(run) / str(month or run.month) / "decisions.parquet"


def snapshot_of(run: Run, month: int | None = None) -> Path:
    """The snapshot on which the run decided a month: the one its manifest names."""
    manifest = json.loads((masks_of(run, month).parent / "manifest.json").read_text(encoding="utf-8"))
    return folder_of(run) / str(manifest["population"]["file"])


@contextmanager
def working(name: str) -> Iterator[Path]:
    """A folder to work in, which is gone afterwards unless it was moved away; what killed runs left goes first."""
    parent = (home() / name).parent
    parent.mkdir(parents=True, exist_ok=True)
    _clear(parent)
    folder = home() / f"{name}.partial-{os.getpid()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear(parent: Path) -> None:
    for path in parent.glob("*.partial-*"):
        process = path.name.rpartition("-")[2]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(path, ignore_errors=True)


def tidied(folder: Path) -> None:
    """Away with what an engine put there for want of memory."""
    shutil.rmtree(folder / "spill", ignore_errors=True)


@contextmanager
def placed(name: str) -> Iterator[Callable[[Path], None]]:
    """Gives a function that moves a finished folder to its place; taken away again when what follows fails.

    It stays when the database went away: its row may have been committed at the last moment. `sweep` comes later.
    """
    target = home() / name
    try:
        yield lambda folder: folder.rename(target) and None
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def sweep(*, now: dt.datetime) -> int:
    """Delete folders of a day ago and older that no run names. How many went."""
    before = (now - _KEPT).timestamp()
    old = [path for path in home().glob("*/*/*") if path.is_dir() and path.stat().st_mtime < before]
    named = set(Run.objects.values_list("folder", flat=True)) if old else set()
    lost = [path for path in old if str(path.relative_to(home())) not in named]
    for path in lost:
        shutil.rmtree(path, ignore_errors=True)
    return len(lost)


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, by its path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path) for path in files}


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
