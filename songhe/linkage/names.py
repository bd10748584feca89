"""Names in one form (姓名规范形), so that the same name in another spelling is equal. Homophones are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

# Between the parts of names of several peoples, in all the ways it is typed.
_DOTS = re.compile("[\\s.\u00b7\u2022\u30fb\u2027\u2219\u22c5\u16eb\u25cf\u0387\uff0e\uff65\u3002]+")


@lru_cache(maxsize=50_000)
def normal(name: str) -> str:
    """A name without spaces and dots, of full width or not, in the characters of the mainland's standard list."""
    return _DOTS.sub("", unicodedata.normalize("NFKC", name)).casefold().translate(_standard())


def alike(one: str, other: str) -> bool:
    """Whether two names in their normal form differ in one character at most, written otherwise or left out."""
    if len(one) == len(other):
        return sum(first != second for first, second in zip(one, other, strict=True)) <= 1
    shorter, longer = sorted((one, other), key=len)
    if len(longer) != len(shorter) + 1:
        return False
    return any(shorter == longer[:at] + longer[at + 1 :] for at in range(len(longer)))


@cache
def variants() -> Mapping[str, str]:
    """Standard character → its traditional and variant forms, from `variants.txt`."""
    text = resources.files("songhe.linkage").joinpath("variants.txt").read_text(encoding="utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if line and not line.startswith("#")}


@cache
def _standard() -> Mapping[int, str]:
    return {ord(form): standard for standard, forms in variants().items() for form in forms}
