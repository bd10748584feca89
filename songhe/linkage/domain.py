"""Keeping the queue of likely duplicates, and deciding in it. Nobody is merged here but by somebody's decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.linkage.models import Candidate
from songhe.linkage.pairs import Pair
from songhe.linkage.rules import Rule
from songhe.registry.domain.merging import merge, unmerge
from songhe.registry.domain.writing import Author, division_of
from songhe.registry.groups import all_groups
from songhe.registry.models import Person
from songhe.registry.sets import take_turn
from songhe.registry.sources import SETTLED
from songhe.registry.vocabulary import StatementError

# The queue's order: what is nearest to certain comes first, and a probability is spread over what follows.
_RANKS = {rule: rank for rank, rule in enumerate(Rule)}
_BY_SCORE = 1_000
_BATCH = 2_000


class Found(NamedTuple):
    """Two people (ids) who may be one, by a rule or with a probability."""

    one: int
    other: int
    rule: Rule
    score: float | None = None


@dataclass(frozen=True)
class Refreshed:
    """What a search did to the queue: pairs new in it, pairs that were in it or decided, questions that fell away."""

    added: int
    known: int
    dropped: int


def found(pairs: Iterable[Pair]) -> list[Found]:
    """What the rules found, for the queue."""
    return [Found(pair.one, pair.other, pair.verdict.rule) for pair in pairs]


def ask(*, pairs: Iterable[Found]) -> int:
    """Put pairs into the queue that are not in it; what was decided stays decided. Returns how many are new."""
    with transaction.atomic():
        take_turn()
        return len(_add(_standing(pairs)))


def refresh_queue(*, pairs: Iterable[Found], user: User | None = None, keep: Collection[Rule] = ()) -> Refreshed:
    """The queue after a search of the whole register: open questions that it did not find again fall away.

    Those stay that were found by a rule of `keep`, which the search did not ask, and those that a row brought when it
    arrived: the register does not hold the number that was in the row.
    """
    with transaction.atomic():
        take_turn()
        wanted = _standing(pairs)
        added = _add(wanted)
        gone = [
            candidate.pk
            for candidate in Candidate.objects.filter(state=Candidate.State.OPEN).exclude(rule__in=(*_OF_ROWS, *keep))
            if (candidate.one_id, candidate.other_id) not in wanted
        ]
        for start in range(0, len(gone), _BATCH):
            Candidate.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
        append(user=user, action="duplicate.searched", details={"count": len(added), "dropped": len(gone)})
    return Refreshed(len(added), len(wanted) - len(added), len(gone))


_OF_ROWS = (Rule.NUMBER_SLIP, Rule.NUMBER_SLIP_OTHER, Rule.NUMBER_UNREADABLE)


def decide(
    *, by: User, candidate: Candidate, verdict: Literal["same", "different"], reason: str, keep: Person | None = None
) -> Candidate:
    """What a person found: the same, and the other file is merged into `keep`; or different, and nobody is asked again.

    Raises OutOfScope unless `by` reaches both, and StatementError without a reason, without `keep` for the same,
    when it was decided already, or when one of the files was merged meanwhile.
    """
    if not reason.strip():
        raise StatementError("candidate", "须写明事由。", "A decision needs a reason.")
    with transaction.atomic():
        take_turn()
        candidate.refresh_from_db()
        require(by, Action.DUPLICATE_SETTLE, candidate)
        if candidate.state != Candidate.State.OPEN:
            raise StatementError("candidate", "此项已核定。", "This was decided already; reopen it first.")
        if verdict == "same":
            gone, kept = _sides(candidate, keep)
            candidate.merge = merge(by=_author(by, reason), person=gone, into=kept)
        candidate.state = Candidate.State(verdict)
        candidate.decided_by, candidate.decided_at, candidate.reason = by, clock.now(), reason
        candidate.save()
        _tell(by, "duplicate.settled", candidate, reason)
    return candidate


def reopen(*, by: User, candidate: Candidate, reason: str) -> Candidate:
    """The question stands again; if the files were merged by it and still are, they are two again.

    Raises OutOfScope unless `by` reaches both, and StatementError when it is open, or without a reason.
    """
    if not reason.strip():
        raise StatementError("candidate", "须写明事由。", "Reopening needs a reason.")
    with transaction.atomic():
        take_turn()
        candidate.refresh_from_db()
        require(by, Action.DUPLICATE_SETTLE, candidate)
        if candidate.state == Candidate.State.OPEN:
            raise StatementError("candidate", "此项尚未核定。", "This has not been decided.")
        if candidate.merge is not None and candidate.merge.undone_in_id is None:
            unmerge(by=_author(by, reason), merge=candidate.merge)
        candidate.state, candidate.merge = Candidate.State.OPEN, None
        candidate.decided_by, candidate.decided_at, candidate.reason = None, None, ""
        candidate.save()
        _tell(by, "duplicate.reopened", candidate, reason)
    return candidate


def _add(pairs: dict[tuple[int, int], Found]) -> list[Candidate]:
    known = _asked()
    new = [
        Candidate(one_id=one, other_id=other, rule=pair.rule, score=pair.score, rank=_rank(pair))
        for (one, other), pair in pairs.items()
        if (one, other) not in known
    ]
    return Candidate.objects.bulk_create(new, batch_size=_BATCH)


def _asked() -> set[tuple[int, int]]:
    """The pairs in the queue, decided or not, also under those who stand for them by now."""
    groups = all_groups()
    pairs = Candidate.objects.values_list("one_id", "other_id")
    asked = set(pairs)
    return asked | {_in_order(*(groups.survivor_of.get(id, id) for id in pair)) for pair in asked}


def _standing(pairs: Iterable[Found]) -> dict[tuple[int, int], Found]:
    """The pairs between those who stand for themselves, the smaller id first, each once, by what says most."""
    groups = all_groups()
    best: dict[tuple[int, int], Found] = {}
    for pair in sorted(pairs, key=_rank):
        one, other = (groups.survivor_of.get(id, id) for id in (pair.one, pair.other))
        if one != other:
            best.setdefault(_in_order(one, other), pair)
    return best


def _in_order(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _rank(pair: Found) -> int:
    return _RANKS[pair.rule] if pair.score is None else _BY_SCORE + round((1 - pair.score) * _BY_SCORE)


def _sides(candidate: Candidate, keep: Person | None) -> tuple[Person, Person]:
    """Who goes, and who stays."""
    if keep is not None and keep.pk == candidate.one_id:
        return candidate.other, candidate.one
    if keep is not None and keep.pk == candidate.other_id:
        return candidate.one, candidate.other
    raise StatementError("candidate", "须指明保留哪一份档案。", "Say which of the two files stays.")


def _author(by: User, reason: str) -> Author:
    return Author(user=by, source=SETTLED, reason=reason)


def _tell(by: User, action: str, candidate: Candidate, reason: str) -> None:
    one, other = Person.objects.get(pk=candidate.one_id), Person.objects.get(pk=candidate.other_id)
    append(
        user=by,
        action=action,
        subject_kind="person",
        subject_id=str(one.public_id),
        division=division_of(one) or division_of(other),
        details={
            "other": str(other.public_id),
            "verdict": candidate.get_state_display(),
            "rule": candidate.rule,
            "reason": reason,
        },
    )
