"""Whether the process that took up some work is still there, and what was left by those that are not."""

from __future__ import annotations

import datetime as dt
import os
import socket
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

T = TypeVar("T", bound=Model)
WAITING, RUNNING = "waiting", "running"

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


def left_behind(asked: QuerySet[T], *, task: str, stale: dt.timedelta) -> list[T]:
    """Of what was asked for, what waits or runs and nobody is at any more.

    Each has a `state`, a moment `asked_at`, and of whoever took it up the `runner` and the last `heartbeat`. One that
    nobody has been heard of for so long is dead wherever it ran.
    """
    moving = asked.filter(state__in=(WAITING, RUNNING))
    return [one for one in moving if _is_left(one, task, timezone.now() - stale)]


def _is_left(one: Any, task: str, long_ago: dt.datetime) -> bool:
    if one.state == WAITING:
        # Taken from the queue by a process that died before it began.
        return one.asked_at < long_ago and not _is_queued(one, task)
    return one.heartbeat is None or one.heartbeat < long_ago or is_gone(one.runner)


def _is_queued(one: Model, task: str) -> bool:
    queued = DBTaskResult.objects.filter(task_path=task, status=TaskResultStatus.READY)
    return queued.filter(args_kwargs__args__0=one.pk).exists()


def _name(process: int) -> str:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return f"{socket.gethostname()}/{process}-"
    return f"{socket.gethostname()}/{process}-{stat.rpartition(')')[2].split()[_BEGAN]}"
