"""Division codes as they are stored: GB/T 2260 in six digits, its extensions in nine and twelve."""

from __future__ import annotations

from songhe.common.division import stem
from songhe.divisions.errors import DivisionError

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = range(1, 6)

# The number of digits that say something → the level.
_LEVELS = {2: PROVINCE, 4: CITY, 6: COUNTY, 9: TOWN, 12: VILLAGE}


def canonical(code: str) -> str:
    """The one way to write a code: `4213`, `421300` and `421300000000` are all `421300`.

    Raises DivisionError for what is no code.
    """
    short = stem(code)
    if not (code.isascii() and code.isdecimal() and len(short) in _LEVELS):
        raise DivisionError(
            f"“{code}”不是行政区划代码：应为 6、9 或 12 位数字。",
            f"{code!r} is no division code: write 6, 9 or 12 digits.",
        )
    return short.ljust(6, "0")


def level_of(code: str) -> int:
    """The level a code stands for, 1 (province) to 5 (village)."""
    return _LEVELS[len(stem(canonical(code)))]
