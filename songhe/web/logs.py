"""What the server writes down about its own errors."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ReservedFormatter(logging.Formatter):
    """Where an error happened and its kind, without its message: a message may hold a person's fact."""

    def formatException(self, ei: ErrorInfo) -> str:
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)).rstrip()
        return f"{frames}\n{kind.__name__ if kind else 'no exception'}"
