"""Pages of lists that are ordered by more than a column: by the number of the first row."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

_DIGITS = 9


@dataclass(frozen=True)
class Pages:
    """Shows as `console/_pager.html` does: `before` and `after` are where the other pages begin, "" for none."""

    start: int
    size: int
    more: bool

    @property
    def before(self) -> str:
        return str(max(self.start - self.size, 0)) if self.start else ""

    @property
    def after(self) -> str:
        return str(self.start + self.size) if self.more else ""


def start_of(request: HttpRequest) -> int:
    """The first row asked for; a number that is none gives the first page."""
    return number_in(request.GET.get("cursor", "")) or 0


def number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
