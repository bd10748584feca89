"""The clock of a server that runs by itself: the day's upkeep in the small hours, or when it comes up later."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from django.db import Error, close_old_connections
from django.utils import timezone

from songhe.upkeep.domain import run_due

HOUR = 2
_EVERY = dt.timedelta(minutes=5).total_seconds()
_log = logging.getLogger("django.upkeep")


def start_clock() -> threading.Event:
    """Looks every few minutes in a thread of its own; setting the event ends it."""
    stop = threading.Event()
    threading.Thread(target=_tick, args=(stop,), name="upkeep", daemon=True).start()
    return stop


def is_time(now: dt.datetime) -> bool:
    return timezone.localtime(now).hour >= HOUR


def _tick(stop: threading.Event) -> None:
    while not stop.wait(_EVERY):
        try:
            if is_time(timezone.now()):
                run_due()
        except Error:
            _log.exception("upkeep")
        finally:
            close_old_connections()
