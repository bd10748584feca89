"""Telling a history to the registry: what each department handed over on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from songhe.accounts.models import User
from songhe.demo.cast import Cast
from songhe.registry.domain.facts import File, record_many
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import Author
from songhe.registry.sources import precedence

_OFFICE_OPENS = dt.time(9)


@dataclass(frozen=True)
class Chapter:
    """What one department said `ago` days before today: statements by the place in the cast.

    `opens` says that these files are new; those who are not of the cast have the place None.
    """

    ago: int
    source: str
    reason: str
    told: Callable[[], Iterable[tuple[int | None, Sequence[Statement]]]]
    opens: bool = False


def play(cast: Cast, chapters: Iterable[Chapter], user: User, report: Callable[[int, str], None]) -> None:
    """Record every chapter, the oldest first."""
    for number, chapter in enumerate(sorted(chapters, key=lambda one: -one.ago)):
        report(number, f"{precedence().names[chapter.source].zh} {chapter.reason} {chapter.source}")
        author = author_of(cast, user, chapter.source, chapter.reason, chapter.ago, minute=number)
        opened: list[int | None] = []
        recorded = record_many(by=author, files=_files(cast, chapter, opened))
        for one, person in zip(opened, recorded.people, strict=False):
            if one is not None:
                cast.ids[one] = person


def author_of(cast: Cast, user: User, source: str, reason: str, ago: int, minute: int = 0) -> Author:
    """Who records on that day, in the order of the minutes."""
    day = cast.today - dt.timedelta(ago)
    at = timezone.make_aware(dt.datetime.combine(day, _OFFICE_OPENS)) + dt.timedelta(minutes=minute)
    return Author(user=user, source=source, reason=reason, batch=f"{day:%Y%m%d}-{source}", at=at, codes_on=day)


def _files(cast: Cast, chapter: Chapter, opened: list[int | None]) -> Iterator[File]:
    for one, statements in chapter.told():
        if chapter.opens:
            opened.append(one)
            yield File(None, statements)
        elif one is not None and statements:
            yield File(cast.ids[one], statements)
