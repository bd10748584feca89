"""Figures as they are stored: whole numbers, texts of other exact numbers, null for what is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from songhe.decision.figure import Reading, plain
from songhe.indicators.errors import IndicatorError

# [numerator, denominator, numerator when every unknown counts, denominator likewise]; the last two where they differ.
Stored = Sequence[int | str | None]
_WRITTEN = re.compile(r"\d{1,15}(\.\d{1,12})?")
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def stored(reading: Reading) -> list[int | str | None]:
    parts = [reading.numerator, reading.denominator, reading.possible, reading.possible_denominator]
    while len(parts) > 2 and parts[-1] is None:
        parts.pop()
    return [_kept(part) for part in parts]


def read_stored(parts: Stored) -> Reading:
    return Reading(*(None if part is None else Fraction(part) for part in parts))


def read_number(text: str) -> str:
    """The canonical text of a number that somebody wrote: `1,234.50` is `1234.5`. Raises IndicatorError."""
    bare = text.strip().translate(_WIDE).replace(",", "").replace(" ", "")
    if not _WRITTEN.fullmatch(bare):
        raise IndicatorError(
            f"“{text}”不是数：请写不带单位的非负数，例如13001或12.5。",
            f"{text!r} is no number: write one without unit and not negative, such as 13001 or 12.5.",
        )
    return plain(Fraction(bare))


def shown(value: Fraction | None) -> str:
    """A number with thousands apart, as exact as it is: `13,001`, `12.5`; `—` for none."""
    if value is None:
        return "—"
    whole, dot, rest = plain(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() else plain(value)


def _kept(value: Fraction | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else str(value)
