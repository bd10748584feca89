"""Many cases in one go, in which a case that is hindered keeps nobody else back: each hindrance is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from songhe.casework.domain.acting import Actor
from songhe.casework.domain.many import BLOCK, Done, Hindrance, pass_many, publish_many
from songhe.casework.models import Case
from songhe.casework.stored import procedure_of
from songhe.common.text import say

# The most that is done in one go: what is beyond it wants a narrower choice.
MOST = 20_000
# A case can move while its block is tried again; after so many times the block is left.
_TRIES = 3
_BUSY = say("同时有人在办理同一批件，请再试一次", "others are at work on the same cases: try again")


@dataclass(frozen=True)
class Share:
    """Cases of a kind that take the same act: `verb` is pass or publish, `step` the id of the step where they stand."""

    kind: str
    verb: str
    step: str
    cases: tuple[int, ...]


def shares(cases: Iterable[Case]) -> list[Share]:
    """What each case would take next, in the order in which the steps are first met; read with their procedure."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for case in cases:
        found.setdefault((case.kind, _verb(case), case.step), []).append(case.pk)
    return [Share(kind, verb, step, tuple(ids)) for (kind, verb, step), ids in found.items()]


def do_share(*, by: Actor, share: Share) -> Done:
    """Pass or publish those that nothing hinders, a block at a time, each case with its act and audit line.

    Every case is either counted in `written` or named in `hindered`, with why.
    """
    written, hindered = 0, []
    ids = list(dict.fromkeys(share.cases))
    for start in range(0, len(ids), BLOCK):
        done = _block(by, share, ids[start : start + BLOCK])
        written += done.written
        hindered += done.hindered
    return Done(written, tuple(hindered))


def _block(by: Actor, share: Share, ids: list[int]) -> Done:
    go = publish_many if share.verb == "publish" else pass_many
    hindered: list[Hindrance] = []
    for _ in range(_TRIES):
        done = go(by=by, cases=ids, step=share.step, block=BLOCK)
        hindered += done.hindered
        stopped = {one.case for one in done.hindered}
        if not stopped:
            return Done(done.written, tuple(hindered))
        ids = [id for id in ids if id not in stopped]
        if not ids:
            return Done(0, tuple(hindered))
    return Done(0, (*hindered, *(Hindrance(id, _BUSY) for id in ids)))


def _verb(case: Case) -> str:
    kind = procedure_of(case).step(case.step).kind
    return "publish" if kind == "notice" and case.notice_from is None else "pass"
