"""Reading the queue of likely duplicates, and two files side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text
from songhe.linkage.models import Candidate
from songhe.pages.keyset import Window, window
from songhe.registry.models import FactRecord
from songhe.registry.queries import Resolved, file_as_of
from songhe.registry.vocabulary import fact_names, is_sealed, label, personal_facts

State = Literal["equal", "different", "only_one", "only_other"]


@dataclass(frozen=True)
class Line:
    """A fact in two files; None where a file does not know it. Sealed values are masked, and compared all the same."""

    fact: str
    label: Text
    state: State
    one: Resolved | None
    other: Resolved | None


def open_candidates(user: User) -> QuerySet[Candidate]:
    """The questions that a user may settle: both files within reach, and neither merged away meanwhile."""
    standing = Candidate.objects.filter(
        state=Candidate.State.OPEN, one__merged_into=None, other__merged_into=None
    ).select_related("one__current", "other__current")
    return visible(standing, user, Action.DUPLICATE_SETTLE)


def decided_candidates(user: User) -> QuerySet[Candidate]:
    """What was decided of people within reach, the latest first."""
    decided = Candidate.objects.exclude(state=Candidate.State.OPEN).select_related("one", "other", "decided_by")
    return visible(decided, user, Action.DUPLICATE_SETTLE).order_by("-decided_at", "-pk")


def queue(user: User, *, cursor: str = "", size: int = 50) -> Window[Candidate]:
    """A page of the open questions, the likeliest first."""
    return window(open_candidates(user), by="rank", cursor=cursor, size=size)


def compare_files(candidate: Candidate) -> list[Line]:
    """The two files fact by fact, who they are first: as they stand today or, if merged, as they stood before."""
    before = None if candidate.merge is None else candidate.merge.made_in_id - 1
    one, other = (file_as_of(person, known_at=before) for person in (candidate.one, candidate.other))
    records = [resolved.record for file in (one, other) for resolved in file.values()]
    stored = dict(FactRecord.objects.filter(pk__in=records).values_list("pk", "value"))
    known = sorted({*one, *other}, key=_ORDER.__getitem__)
    return [_line(fact, one.get(fact), other.get(fact), stored) for fact in known]


_FIRST = ("name", "resident_id", "birth_date", "sex", "residence", "hukou")
_ORDER = {fact: place for place, fact in enumerate(dict.fromkeys((*_FIRST, *personal_facts(), *fact_names())))}


def _line(fact: str, one: Resolved | None, other: Resolved | None, stored: Mapping[int, str | None]) -> Line:
    if one is None or other is None:
        state: State = "only_one" if other is None else "only_other"
    elif is_sealed(fact):
        # What is stored in the clear of a sealed fact is its keyed hash.
        state = "equal" if stored[one.record] == stored[other.record] else "different"
    else:
        state = "equal" if one.value == other.value else "different"
    return Line(fact, label(fact), state, one, other)
