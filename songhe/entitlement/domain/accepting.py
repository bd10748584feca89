"""What becomes of a run: answered for in writing, accepted or withdrawn. Whoever made it does none of the first two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, require
from songhe.entitlement.differences import LINES
from songhe.entitlement.domain.storing import store_lines
from songhe.entitlement.errors import RunError
from songhe.entitlement.files import folder_of, sha256
from songhe.entitlement.models import OPEN, Run, RunStep, State
from songhe.entitlement.months import shown


def answer(*, run: Run, by: User, text: str) -> Run:
    """Answers in writing for what the guard found, so that the run may be accepted.

    Raises RunError when it is not held, has no words, or `by` made it; OutOfScope without the right.
    """
    require(by, Action.RUN_ANSWER, run)
    _not_by_maker(run, by)
    return _step(run, State.ANSWERED, by, _words(text), "run.answered", only=[State.HELD])


def accept(*, run: Run, by: User) -> Run:
    """The run's lines stand from now on, and the county's next run builds on it.

    Raises RunError when it is held and nobody answered, when `by` made it, or when its file is not what it was.
    """
    require(by, Action.RUN_ACCEPT, run)
    _not_by_maker(run, by)
    path = folder_of(run) / LINES
    if not path.is_file() or sha256(path) != run.files.get(LINES):
        raise RunError(
            "账目文件与核定时不同，请撤销后重新核定。", "The file of lines has changed: withdraw and run again."
        )
    with transaction.atomic():
        # First of all, so that of two who accept at once one finds it done.
        _move(run, State.ACCEPTED, [State.DECIDED, State.ANSWERED])
        _check_follows(run)
        store_lines(run, path)
        RunStep.objects.create(run=run, state=State.ACCEPTED, by=by)
        _tell(run, by, "run.accepted", {"lines": run.line_count})
    return run


def withdraw(*, run: Run, by: User | None, reason: str) -> Run:
    """Nothing of the run ever stands; it can still be read. Raises RunError for an accepted run or no reason."""
    if by is not None:
        require(by, Action.RUN_MAKE, run)
    return _step(run, State.WITHDRAWN, by, _words(reason), "run.withdrawn", only=OPEN)


def _step(run: Run, state: State, by: User | None, note: str, action: str, *, only: Sequence[State]) -> Run:
    with transaction.atomic():
        _move(run, state, only)
        RunStep.objects.create(run=run, state=state, by=by, note=note)
        _tell(run, by, action, {"reason": note})
    return run


def _move(run: Run, state: State, only: Sequence[State]) -> None:
    if not Run.objects.filter(pk=run.pk, state__in=only).update(state=state):
        now = State(Run.objects.values_list("state", flat=True).get(pk=run.pk))
        raise RunError(
            f"此次核定现为“{now.label}”，不能改为“{state.label}”。",
            f"The run is {now.value}; it cannot become {state.value} from there.",
        )
    run.state = state


def _check_follows(run: Run) -> None:
    before = Run.objects.filter(county=run.county_id, state=State.ACCEPTED).exclude(pk=run.pk).order_by("-pk").first()
    if (before and before.pk) != run.base_id:
        raise RunError("此次核定的依据已不是最近采用的一次。", "What the run builds on is not the last accepted one.")


def _not_by_maker(run: Run, by: User) -> None:
    if run.made_by_id == by.pk:
        raise RunError("经办人不能自行说明或采用。", "Whoever made a run neither answers for it nor accepts it.")


def _words(text: str) -> str:
    if not text.strip():
        raise RunError("须写明理由。", "It has to be said why.")
    return text.strip()


def _tell(run: Run, by: User | None, action: str, details: Mapping[str, Any]) -> None:
    append(
        user=by,
        action=action,
        subject_kind="run",
        subject_id=str(run.public_id),
        division=run.county_id,
        details={"month": shown(run.month), **details},
    )
