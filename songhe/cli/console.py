"""Writing to the terminal."""

from __future__ import annotations

import sys
from typing import NoReturn

from rich.console import Console

# A file or a pipe has no width; tables must not be cut there.
_PIPE_WIDTH = 200

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(message: str, code: int = 2) -> NoReturn:
    """Say what was wrong on standard error and end."""
    err.print(message, style="red", markup=False)
    sys.exit(code)
