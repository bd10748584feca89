"""JSON Lines in and out: every line checked, nothing written unless everything is right (or bad lines are skipped)."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any


class LineError(ValueError):
    """A line that cannot be used: its number, the field where there is one, and what was wrong."""

    def __init__(self, line: int, what: str, field: str | None = None) -> None:
        where = f"line {line}" + (f", {field}" if field else "")
        super().__init__(f"{where}: {what}")


@dataclass
class Reader:
    """Reads subjects line by line; a bad line raises, or is reported and left out when `skip` is given."""

    stream: IO[bytes]
    skip: Callable[[LineError], None] | None = None
    # What a line is about, from its object: said once only. Without it, the field `id`.
    key: Callable[[dict[str, Any]], str] | None = None
    # Numbers with a point stay exact (Decimal).
    exact: bool = False
    seen: set[str] = field(default_factory=set)
    bad: int = 0

    def rows(self, read: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
        """What `read` makes of each line; it may raise a ValueError with a `name` for the field."""
        for number, line in enumerate(self.stream, start=1):
            if not line.strip():
                continue
            try:
                yield self._row(number, line, read)
            except LineError as error:
                if self.skip is None:
                    raise
                self.bad += 1
                self.skip(error)

    def _row(self, number: int, line: bytes, read: Callable[[dict[str, Any]], Any]) -> Any:
        raw = _parse(number, line, Decimal if self.exact else float)
        id = _id(number, raw) if self.key is None else None
        try:
            about = id if self.key is None else self.key(raw)
            row = read(raw)
        except ValueError as error:
            raise LineError(number, getattr(error, "what", str(error)), getattr(error, "name", None)) from None
        if about in self.seen:
            what = f"the id {about!r}" if self.key is None else str(about)
            raise LineError(number, f"{what} stands on an earlier line", "id" if self.key is None else None)
        self.seen.add(about)
        return row


def _parse(number: int, line: bytes, decimal: Callable[[str], Any] = float) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig")
        raw = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=decimal)
    except UnicodeDecodeError:
        raise LineError(number, "not UTF-8 text") from None
    except _Duplicate as error:
        raise LineError(number, "the field stands twice", str(error)) from None
    except json.JSONDecodeError as error:
        raise LineError(number, f"not JSON ({error.msg} at column {error.colno})") from None
    except (ValueError, RecursionError) as error:
        raise LineError(number, f"not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise LineError(number, "not a JSON object")
    return raw


class _Duplicate(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _Duplicate(key)
        result[key] = value
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _id(number: int, raw: dict[str, Any]) -> str:
    id = raw.get("id")
    if isinstance(id, bool) or not isinstance(id, (str, int)) or id == "":
        raise LineError(number, "missing or not a text" if id is None else f"{id!r} is not a text", "id")
    return str(id)


@contextmanager
def written_whole(path: Path | None) -> Iterator[IO[str]]:
    """A stream whose content appears at its place only when the block ends well."""
    folder = path.parent if path else None
    handle, name = tempfile.mkstemp(prefix=".songhe-", suffix=".partial", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        if path is None:
            with temporary.open(encoding="utf-8") as stream:
                for chunk in iter(lambda: stream.read(1 << 16), ""):
                    sys.stdout.write(chunk)
            sys.stdout.flush()
        else:
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
