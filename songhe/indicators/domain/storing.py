"""Keeping what was counted: a computation with the figures of every division, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.common import clock
from songhe.decision.figure import Reading
from songhe.divisions.models import TreeState
from songhe.indicators.exact import stored
from songhe.indicators.models import Computation, Tally
from songhe.policy.package import Package

# Division → indicator → what was found in it, all below it included.
Found = Mapping[int, Mapping[str, Reading]]
_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Basis:
    """On what figures were counted: what was known, and where those who were counted are listed."""

    known_in: int | None
    known_at: dt.datetime
    people: int = 0
    folder: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def tree_mark() -> str:
    return TreeState.objects.values_list("mark", flat=True).first() or ""


def last_of(package: str, division: int, day: dt.date) -> Computation | None:
    """The computation that counts for a division and day."""
    return Computation.objects.filter(package=package, division=division, day=day).order_by("-number").first()


@transaction.atomic
def store(
    *, by: User | None, package: Package, division: int, day: dt.date, found: Found, basis: Basis
) -> tuple[Computation, bool]:
    """The computation, and whether it is new: figures equal to the last ones of the day add nothing."""
    rows = {id: {key: stored(one) for key, one in sorted(readings.items())} for id, readings in sorted(found.items())}
    content, last = _hash(package, rows), last_of(package.id, division, day)
    if last is not None and last.content == content:
        return last, False
    made = Computation.objects.create(
        package=package.id,
        package_hash=package.hash,
        division_id=division,
        day=day,
        tree=tree_mark(),
        known_in_id=basis.known_in,
        known_at=basis.known_at,
        number=1 if last is None else last.number + 1,
        content=content,
        folder=basis.folder,
        files=dict(basis.files),
        people=basis.people,
        indicators=len({key for figures in rows.values() for key in figures}),
        divisions=len(rows),
        made_by=by,
        made_at=clock.now(),
    )
    Tally.objects.bulk_create(_tallies(made, rows.items()), batch_size=_BATCH)
    _tell(by, made)
    return made, True


def _tallies(made: Computation, rows: Iterable[tuple[int, dict[str, list[int | str | None]]]]) -> Iterable[Tally]:
    for division, figures in rows:
        yield Tally(computation=made, package=made.package, division_id=division, day=made.day, figures=figures)


def _hash(package: Package, rows: Mapping[int, object]) -> str:
    text = json.dumps([package.hash, tree_mark(), list(rows.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(by: User | None, made: Computation) -> None:
    append(
        user=by,
        action="indicator.computed",
        subject_kind="computation",
        subject_id=str(made.public_id),
        division=made.division_id,
        details={"package": made.package, "day": made.day, "count": made.indicators, "known_in": made.known_in_id},
    )
