"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from bench.process import openfisca_version


def describe() -> dict[str, str | int | None]:
    return {
        "cpu": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "ram_gib": round(int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20),
        "os": _first("/etc/os-release", "PRETTY_NAME", "=") or platform.system(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        "pyarrow": version("pyarrow"),
        "openfisca": openfisca_version(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def _first(path: str, key: str, separator: str = ":") -> str | None:
    """The value of a key in a file of `key: value` lines."""
    try:
        with open(path, encoding="utf-8") as lines:
            found = (line.partition(separator)[2] for line in lines if line.startswith(key))
            return next(found, "").strip().strip('"') or None
    except OSError:
        return None
