"""What all clerks share: asking for a write, being refused, hearing nothing, and asking again as a person would."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from soak.city import City, read_city
from soak.journal import ASKED, DONE, REFUSED, UNKNOWN, Journal

Result = TypeVar("Result")
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 2.0


class Refused(Exception):
    """The product said no, in words; `why` is the kind of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoAnswer(Exception):
    """An error page, a refused connection, a database that went away: nobody knows whether it was done."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Clerk:
    """One who works until told to stop; a kind of clerk says what in `turn`."""

    def __init__(self, name: str, home: Path, address: str) -> None:
        self.name, self.home, self.address = name, home, address
        self.city: City = read_city(home)
        folder = home / "journals"
        folder.mkdir(exist_ok=True)
        self.journal = Journal(folder / f"{name}.jsonl")
        self.random = random.Random(f"{name} {time.time_ns()}")
        self._number = 0

    @property
    def until(self) -> float:
        """When the day ends: known once everybody has come."""
        try:
            return float((self.home / "until").read_text())
        except FileNotFoundError:
            return math.inf

    def turn(self) -> None:
        """One piece of work."""
        raise NotImplementedError

    def work(self) -> None:
        while time.time() < self.until:
            self.turn()

    def key(self) -> str:
        """Something that nobody else will ever say, also when this clerk starts anew."""
        self._number += 1
        return f"{self.name}-{time.time_ns():x}-{self._number}"

    def ask(
        self,
        operation: str,
        key: str,
        work: Callable[[], Result],
        said: Callable[[Result], dict[str, Any]] = lambda _: {},
    ) -> Result | None:
        """What `work` gives, asked for until there is an answer; None when it was refused, or time ran out.

        `said` is what the journal keeps of the answer.
        """
        self.journal.write(ASKED, operation, key)
        wait = _FIRST_WAIT
        while True:
            try:
                result = work()
            except Refused as no:
                self.journal.write(REFUSED, operation, key, why=no.why)
                return None
            except NoAnswer as nothing:
                self.journal.write(UNKNOWN, operation, key, why=nothing.why)
                if time.time() > self.until:
                    return None
                time.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                self.journal.write(DONE, operation, key, **said(result))
                return result

    def look(self, work: Callable[[], Result]) -> Result | None:
        """What is only read; None when there is no answer, and a moment to wait."""
        try:
            return work()
        except (NoAnswer, Refused):
            time.sleep(_FIRST_WAIT)
            return None


def in_domain(work: Callable[[], Result]) -> Result:
    """A call into the product's own rooms: its errors become Refused, a database that is away NoAnswer."""
    from django.core.exceptions import PermissionDenied
    from django.db import Error, IntegrityError, connection

    try:
        return work()
    except PermissionDenied as error:
        raise Refused(type(error).__name__) from error
    except IntegrityError as error:
        raise Refused("IntegrityError") from error
    except Error as error:
        connection.close()
        raise NoAnswer(type(error).__name__) from error
    except ValueError as error:
        if not _is_the_products(error):
            raise
        raise Refused(type(error).__name__) from error


def _is_the_products(error: ValueError) -> bool:
    return type(error).__module__.startswith("songhe.")
