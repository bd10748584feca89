"""The hash chain of the audit trail: what is hashed, and how one line holds the next. No database here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What the first line names as the hash before it.
GENESIS = "0" * 64


class DetailError(ValueError):
    """A detail that would not read the same everywhere; `details` hold texts, whole numbers, dates, lists and maps."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a line of the trail says; `hash_after` makes its hash. Ids are primary keys, `at` has a time zone."""

    sequence: int
    at: dt.datetime
    user: int | None
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    division: int | None
    details: Mapping[str, Any]

    def hash_after(self, previous: str) -> str:
        """64 hex digits: SHA-256 over the hash before and this record as canonical JSON."""
        content = {**vars(self), "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds")}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """A detail as JSON gives it back from either database; dates become ISO texts.

    Raises DetailError for floats (engines write them differently), for what JSON does not know, and for texts that
    PostgreSQL cannot keep. The value itself stays out of the message.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return _text(value)
        case dt.date():
            return value.isoformat()
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise DetailError("keys of audit details are texts")
            return {_text(key): plain(part) for key, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case _:
            raise DetailError(f"audit details cannot hold a {type(value).__name__}; write it as a text")


def _text(text: str) -> str:
    # StrEnum and the like become plain texts.
    text = str.__str__(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise DetailError("audit details cannot hold half a surrogate pair") from None
    if "\0" in text:
        raise DetailError("audit details cannot hold NUL")
    return text
