"""Finding names by any part of them, as written or in pinyin, without reading all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from songhe.registry.models import CurrentPerson, NamePart, NameReading
from songhe.registry.pinyin import beginnings
from songhe.registry.sets import one_of

# More names than this are so common that their people are soon met in any order.
FEW = 1_000
_LAST = "\U0010ffff"
# Shorter letters stand in so many names that only their beginnings are meant.
_LETTERS_WITHIN = 4


def named_like(text: str) -> list[Q]:
    """Conditions of CurrentPerson, any of which holds for a name that the text is a part of.

    Characters are found anywhere in a name; letters at its beginning, at the beginning of any later syllable, or as
    the initials of the whole. Each condition follows an index in the order of `name_pinyin`, or is met often.
    """
    wanted = "".join(text.split()).lower()
    return list(_letters(wanted) if wanted.isascii() else _characters("".join(text.split())))


def from_text(column: str, text: str) -> Q:
    """Texts that begin with this one, in the form that an index serves on every database."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + _LAST})


def _characters(text: str) -> Iterator[Q]:
    for letters in beginnings(text):
        yield from_text("name_pinyin", letters) & Q(name__startswith=text)
    names = _few(NamePart.objects.filter(from_text("part", text)).values_list("name", flat=True))
    if names is None:
        yield Q(name__contains=text)
    elif names:
        yield _of(names)


def _letters(text: str) -> Iterator[Q]:
    yield from_text("name_pinyin", text)
    within = _few(NamePart.objects.filter(from_text("part", text)).values_list("name", flat=True))
    initials = _few(NameReading.objects.filter(from_text("initials", text)).values_list("name", flat=True))
    if names := {*(within or ()), *(initials or ())}:
        yield _of(sorted(names))
    if within is None and len(text) >= _LETTERS_WITHIN:
        yield Q(name_pinyin__contains=text)
    if initials is None:
        yield from_text("name_pinyin", text[0]) & Q(name_initials__startswith=text)


def is_rare(text: str) -> bool:
    """Whether so few are named like this that it is quicker to look at all of them than at anybody else."""
    wanted = "".join(text.split())
    columns = (NamePart.objects.filter(from_text("part", wanted.lower())).values_list("name", flat=True),)
    if wanted.isascii():
        columns += (NameReading.objects.filter(from_text("initials", wanted.lower())).values_list("name", flat=True),)
    starts = beginnings(wanted) if not wanted.isascii() else (wanted.lower(),)
    people = [CurrentPerson.objects.filter(from_text("name_pinyin", start)).values_list("pk") for start in starts]
    return all(len(rows[: FEW + 1]) <= FEW for rows in (*columns, *people))


def _few(names: Sequence[str]) -> set[str] | None:
    found = names[: FEW + 1]
    return None if len(found) > FEW else set(found)


def _of(names: Sequence[str]) -> Q:
    readings = NameReading.objects.filter(name__in=one_of(list(names))).values_list("pinyin", flat=True)
    return Q(name_pinyin__in=list(dict.fromkeys(readings)), name__in=one_of(list(names)))
