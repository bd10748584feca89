"""Resident identity numbers (公民身份号码) as GB 11643-1999 writes them.

Eighteen characters: six of a division code, eight of the birth date, three of a sequence (odd for men) and a
check character after ISO 7064 MOD 11-2. The fifteen-digit numbers of old cards are not read.
"""

from __future__ import annotations

import datetime as dt
import re

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# Digit → digit times weight, for every place: numbers are checked by the million.
_PRODUCTS = tuple({str(digit): digit * weight for digit in range(10)} for weight in WEIGHTS)

# [0-9], because \d also matches full-width digits.
_BODY = re.compile(r"[0-9]{17}")
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def check_digit(first17: str) -> str:
    """The last character, from the seventeen digits before it; ValueError when they are not that."""
    if not _BODY.fullmatch(first17):
        raise ValueError("the check character follows from 17 digits")
    return CHECK_CHARACTERS[sum(map(dict.__getitem__, _PRODUCTS, first17)) % 11]


def birth_date(number: str) -> dt.date:
    """The date of birth in a number; ValueError when the number is malformed or the date is no day."""
    text = _written(number)[6:14]
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise ValueError(f"the resident number holds {text} as date of birth, which is no day") from None


def sex(number: str) -> str:
    """`M` or `F`, from the last digit of the sequence; ValueError when the number is malformed."""
    return "M" if int(_written(number)[16]) % 2 else "F"


def is_valid(number: str) -> bool:
    """Whether form, date of birth and check character agree; not whether anybody bears the number."""
    try:
        birth_date(number)
    except ValueError:
        return False
    return check_digit(number[:17]) == number[17]


def _written(number: str) -> str:
    # The number itself stays out of the message: messages end up in logs.
    if not _NUMBER.fullmatch(number):
        raise ValueError("a resident number has 17 digits and a digit or X")
    return number
