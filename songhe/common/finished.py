"""What was worked out once and stays true until something changes (成品): kept in the memory of the process.

Whoever asks names the state that the answer was made from. A state that came after another never equals it, so an
answer that is out of date is found under no state that is asked for. A bounded number is kept, the oldest unused go.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Finished:
    """Answers by what is asked; each with the state it was made from, of which only the last is kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, state: Hashable, make: Callable[[], T]) -> T:
        """What was made of this state, or what `make` finds. Ask for the state before anything is read for `make`."""
        with self._lock:
            found = self._held.get(key)
            if found is not None and found[0] == state:
                self._held.move_to_end(key)
                return cast("T", found[1])
        made = make()
        with self._lock:
            self._held[key] = (state, made)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def __len__(self) -> int:
        return len(self._held)
