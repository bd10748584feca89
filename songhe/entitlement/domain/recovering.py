"""How what a run takes back is settled with the person (追回方案): at once, in instalments, or waived."""

from __future__ import annotations

from django.db import transaction

from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import Action, require
from songhe.entitlement.errors import RunError
from songhe.entitlement.models import Plan, Run
from songhe.entitlement.queries import recoveries
from songhe.registry.models import Person

_MOST = 120


def plan_recovery(*, run: Run, person: Person, mode: str, by: User, reason: str, number: int = 1) -> Plan:
    """Plans what a run takes back from a person; a later plan takes the place of an earlier one.

    `number` of instalments, at most 120. The lines stay as they are: a waiver says that nobody collects, not that
    the money was due. Raises RunError when the run takes nothing back from the person, or without a reason; who made
    the run does not waive. Raises OutOfScope without the right.
    """
    require(by, Action.RECOVERY_SETTLE, person)
    chosen = Plan.Mode(mode)
    _check(run, chosen, by, reason, number)
    fen = recoveries(run).get(person.pk, 0)
    if not fen:
        raise RunError("此次核定没有向此人追回的账目。", "The run takes nothing back from this person.")
    with transaction.atomic():
        plan = Plan.objects.create(
            run=run, person=person, mode=chosen, fen=fen, number=number, reason=reason.strip(), by=by
        )
        append(
            user=by,
            action="run.recovery_planned",
            subject_kind="person",
            subject_id=str(person.public_id),
            division=run.county_id,
            details={"mode": chosen.label, "fen": fen, "number": number, "reason": reason.strip()},
        )
    return plan


def _check(run: Run, mode: Plan.Mode, by: User, reason: str, number: int) -> None:
    if not reason.strip():
        raise RunError("追回方案须写明理由。", "A plan needs a reason.")
    if mode == Plan.Mode.WAIVED and run.made_by_id == by.pk:
        raise RunError("经办人不能免予追回。", "Whoever made the run does not waive what it takes back.")
    wanted = range(2, _MOST + 1) if mode == Plan.Mode.INSTALMENTS else range(1, 2)
    if number not in wanted:
        raise RunError(
            f"期数须在 {wanted.start} 与 {wanted.stop - 1} 之间。",
            f"The number of instalments must be between {wanted.start} and {wanted.stop - 1}.",
        )
