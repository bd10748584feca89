"""What was asked once and is asked again while one page is made (记忆): held for the length of a reading, no longer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")

_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("_held", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it, `remembered` asks once for each key. Only for what changes nothing that is remembered."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer to `ask`, and the one given before under the same key while something is being remembered."""
    held = _held.get()
    if held is None:
        return ask()
    if key not in held:
        held[key] = ask()
    return cast("T", held[key])
