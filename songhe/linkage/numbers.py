"""Resident numbers as they arrive: with noise, of fifteen digits, or with a slip of the hand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from songhe.common.resident_id import CHECK_CHARACTERS, WEIGHTS, check_digit, is_valid

_NOISE = re.compile(r"[\s()（）'’._·-]+")
# What is meant for the last character, besides the letter.
_SPELT = str.maketrans("０１２３４５６７８９Ｘｘ×хХ＊*－—–", "0123456789XXXXXXX---")
_OLD = re.compile(r"[0-9]{15}")
_NEARLY = re.compile(r"[0-9X]{16,20}")
# Month and day of the birth date.
_MONTH, _DAY = slice(10, 12), slice(12, 14)


class Number(NamedTuple):
    """A number in its one form; one that is not valid is kept as it was written, to compare."""

    text: str
    valid: bool


def read(raw: str | None) -> Number | None:
    """The number in a field; None when there is none, or nothing like one.

    A number of fifteen digits becomes the one of eighteen that replaced it: the year in full, a check character.
    """
    text = _NOISE.sub("", (raw or "").translate(_SPELT)).upper()
    if is_valid(text):
        return Number(text, True)
    if _OLD.fullmatch(text):
        longer = f"{text[:6]}19{text[6:]}"
        longer += check_digit(longer)
        return Number(longer, is_valid(longer))
    return Number(text, False) if _NEARLY.fullmatch(text) else None


def is_slip(one: str, other: str) -> bool:
    """Whether one slip of the hand lies between two numbers.

    A changed character, two neighbours swapped, one too many or too few, or day and month of birth swapped.
    """
    if abs(len(one) - len(other)) == 1:
        return _lacks_one(*sorted((one, other), key=len))
    if len(one) != len(other):
        return False
    places = [place for place, (first, second) in enumerate(zip(one, other, strict=True)) if first != second]
    if len(places) == 1:
        return True
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return one == swapped_day(other)


def swapped_day(text: str) -> str:
    """The number with day and month of birth swapped, all else as it stands."""
    return text[:10] + text[_DAY] + text[_MONTH] + text[14:]


def neighbours(text: str) -> set[str]:
    """The valid numbers from which one slip leads to a text that is none: of eighteen characters at most 36."""
    return {other for other in _one_slip_away(text) if is_valid(other)}


def _one_slip_away(text: str) -> Iterator[str]:
    if len(text) == 18:
        yield from _repaired(text)
        for place in range(17):
            yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        yield swapped_day(text)
    elif len(text) == 17:
        for place in range(18):
            for digit in CHECK_CHARACTERS:
                yield text[:place] + digit + text[place:]
    elif len(text) == 19:
        for place in range(19):
            yield text[:place] + text[place + 1 :]


def _repaired(text: str) -> Iterator[str]:
    """With one character changed so that the check holds: at every place there is one at most."""
    body, last = text[:17], CHECK_CHARACTERS.find(text[17])
    letters = [place for place, character in enumerate(body) if character == "X"]
    if not letters:
        yield body + check_digit(body)
    for place in letters or range(17):
        if last < 0 or len(letters) > 1:
            return
        others = sum(
            weight * int(digit)
            for at, (weight, digit) in enumerate(zip(WEIGHTS, body, strict=True))
            if at != place and digit != "X"
        )
        # The weights are not divisible by 11, so each can be divided by.
        digit = (last - others) * pow(WEIGHTS[place], -1, 11) % 11
        if digit < 10:
            yield f"{body[:place]}{digit}{body[place + 1 :]}{text[17]}"


def _lacks_one(shorter: str, longer: str) -> bool:
    place = next((at for at, character in enumerate(shorter) if character != longer[at]), len(shorter))
    return shorter[place:] == longer[place + 1 :]
