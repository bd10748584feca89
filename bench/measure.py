"""CPU time and peak memory of the process itself; imports nothing beyond the standard library."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


def cpu_seconds() -> float:
    """User and system time so far, of this process and of the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak_mib() -> float:
    """The most memory this process has held.

    On Linux `ru_maxrss` begins with the parent's, so the process's own high-water mark is read instead.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measured(work: Callable[[], Result]) -> tuple[Result, dict[str, float]]:
    """What `work` returns, with the CPU and wall seconds it took."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    result = work()
    return result, {"cpu_s": cpu_seconds() - cpu, "wall_s": time.perf_counter() - wall}


def hand_back(figures: dict[str, Any]) -> None:
    """Prints the worker's answer: one line of JSON, with what the whole process used."""
    print(json.dumps({**figures, "process_cpu_s": cpu_seconds(), "peak_mib": peak_mib()}))
