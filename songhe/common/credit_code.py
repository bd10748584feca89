"""Unified social credit codes (统一社会信用代码) as GB 32100-2015 writes them.

Eighteen characters of 31: one of the registering authority, one of the kind, six of a division code, nine of the
organisation and a check character. The letters I, O, S, V and Z are not used.
"""

from __future__ import annotations

import re

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_BODY = re.compile(rf"[{_CHARACTERS}]{{2}}[0-9]{{6}}[{_CHARACTERS}]{{9}}")


def check_character(first17: str) -> str:
    """The last character, from the seventeen before it; ValueError when they are not those of a code."""
    if not _BODY.fullmatch(first17):
        raise ValueError("the check character follows from 17 characters, the third to eighth of them digits")
    total = sum(_VALUES[character] * pow(3, place, 31) for place, character in enumerate(first17))
    return _CHARACTERS[-total % 31]


def is_valid(code: str) -> bool:
    """Whether form and check character agree; not whether anybody bears the code."""
    return len(code) == 18 and _BODY.fullmatch(code[:17]) is not None and check_character(code[:17]) == code[17]
