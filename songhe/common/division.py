"""Administrative division codes (行政区划代码): GB/T 2260 and its 9- and 12-digit extensions."""

from __future__ import annotations

# Digits of province, prefecture, county, town, village.
_SEGMENTS = (2, 2, 2, 3, 3)
_LENGTHS = (2, 4, 6, 9, 12)


def stem(code: str) -> str:
    """The code without the zeros that only fill it up: `421300` and `4213` are the same place."""
    for length, segment in zip(reversed(_LENGTHS), reversed(_SEGMENTS), strict=True):
        if len(code) == length and length > 2 and code.endswith("0" * segment):
            code = code[:-segment]
    return code


def within(code: str, area: str) -> bool | None:
    """Whether a place lies in an area; None when the place is coarser than the area and may hold it."""
    place, wanted = stem(code), stem(area)
    if place.startswith(wanted):
        return True
    return None if wanted.startswith(place) else False


def coarser_codes(area: str) -> tuple[str, ...]:
    """Every way to write a division that holds the area but is larger, from the province down."""
    wanted = stem(area)
    above = [wanted[:length] for length in _LENGTHS if length < len(wanted)]
    return tuple(code.ljust(length, "0") for code in above for length in _LENGTHS if length >= len(code))
