"""Starting workers: a fresh process each, in the environment it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(__file__).resolve().parent / "cache"
OPENFISCA_PYTHON = "SONGHE_BENCH_OPENFISCA_PYTHON"


class WorkerFailed(RuntimeError):
    """A worker that ended without an answer."""


def work(job: str, **options: object) -> dict[str, Any]:
    """One job of bench.worker; options become `--name value`."""
    return _answer(sys.executable, ["-m", "bench.worker", job, *_flags(options)])


def registry_job(job: str, database: str, folder: Path, **options: object) -> dict[str, Any]:
    """One job of bench.registry_jobs on a database of its own."""
    arguments = ["-m", "bench.registry_jobs", job, *_flags(options | {"folder": folder})]
    return _answer(sys.executable, arguments, DATABASE_URL=database)


def openfisca(population: Path, **options: object) -> dict[str, Any]:
    """The twelve benefits in OpenFisca, by the python of its own environment."""
    python = os.environ.get(OPENFISCA_PYTHON) or sys.executable
    return _answer(python, ["-m", "bench.openfisca_run", str(population), *_flags(options)])


def openfisca_version() -> str | None:
    """None where OpenFisca cannot be imported."""
    code = "from importlib.metadata import version as v; print(v('openfisca-core'), 'with numpy', v('numpy'))"
    python = os.environ.get(OPENFISCA_PYTHON) or sys.executable
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _flags(options: dict[str, object]) -> list[str]:
    return [part for name, value in options.items() for part in (f"--{name}", str(value))]


def _answer(python: str, arguments: list[str], **variables: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **variables}
    done = subprocess.run([python, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WorkerFailed(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
