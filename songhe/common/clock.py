"""What the domain calls now (现在): the real time, or that of a told history on its own days.

Sign-in, sessions, tokens and heartbeats ask the operating system: what keeps people out is never told.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

# Days are China's, as the settings say.
ZONE = ZoneInfo("Asia/Shanghai")

_standing: ContextVar[dt.datetime | None] = ContextVar("_standing", default=None)


def now() -> dt.datetime:
    """The moment, with its time zone (UTC)."""
    return _standing.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day it is in China."""
    return now().astimezone(ZONE).date()


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in China."""
    return dt.datetime.combine(day, dt.time.max, ZONE)


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Within it, it is this moment and stays so: for demos and tests. Only this thread and task is concerned.

    Raises ValueError for a moment without a time zone, RuntimeError in production.
    """
    if os.environ.get("SONGHE_PRODUCTION") == "1":
        raise RuntimeError("生产环境的时钟不能拨动。 The clock of a production site cannot be set.")
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    token = _standing.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _standing.reset(token)
