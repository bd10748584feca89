"""Settling what a run takes back (追回方案落账): the plan of a person's recovery, carried into the ledger with it."""

from __future__ import annotations

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import OutOfScope, require, require_division
from songhe.entitlement.domain.recovering import plan_recovery
from songhe.entitlement.models import Plan, Run
from songhe.payment.domain.posting import writing
from songhe.payment.domain.recoveries import outstanding, waive
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Entry, RecoveryPlan
from songhe.registry.groups import group_of
from songhe.registry.models import Person

_REASON, _REFERENCE = 300, 120


def settle_recovery(
    *, by: User, run: Run, person: Person, mode: str, reason: str, number: int = 1, document: str = ""
) -> Plan:
    """States how a person settles what a run takes back, and carries it into the ledger, in one transaction.

    At once: set off against whatever is due next. In `number` instalments: at most a part, rounded up to the fen, of
    the dues of one month, over all items and funds together. Waived: written off, by somebody who may approve payments.
    A later plan takes the place of an earlier one for what is still receivable. Before the run is in the ledger the
    plan waits for `admit_run`. Raises what `plan_recovery` raises, and PaymentError when nothing is receivable.
    """
    if mode == Plan.Mode.WAIVED:
        require_division(by, Action.PAYMENT_APPROVE, run.county_id)
    with writing():
        said = f"{reason.strip()}（依据：{document.strip()}）" if document.strip() and reason.strip() else reason
        claims = _claims(run, person.pk)
        plan = plan_recovery(run=run, person=person, mode=mode, number=number, by=by, reason=said)
        if claims and not carry(plan, claims=claims, document=document):
            raise PaymentError("此人已无应退回的款项。", "Nothing is receivable from this person any more.")
    return plan


def carry_plans(run: Run) -> int:
    """The plans of a run that has come into the ledger: how many were carried. Only within `writing`."""
    latest = {plan.person_id: plan for plan in Plan.objects.filter(run=run).select_related("by").order_by("pk")}
    return sum(carry(plan, claims=_claims(run, person)) for person, plan in latest.items())


def carry(plan: Plan, *, claims: list[Claim], document: str = "") -> bool:
    """Makes the plan hold for these recoveries; False when nothing of them is receivable, or it may not be waived."""
    left = {claim: fen for claim in claims if (fen := outstanding(claim)) > 0}
    if not left:
        return False
    if plan.mode == Plan.Mode.WAIVED:
        return _waived(plan, left, document)
    _end_plans(plan, left)
    total = sum(left.values())
    per_month = total if plan.mode == Plan.Mode.AT_ONCE else -(-total // plan.number)
    for claim in left:
        RecoveryPlan.objects.create(
            claim=claim, settlement=plan, per_month=per_month, reason=plan.reason[:_REASON], stated_by=plan.by
        )
        _tell(plan, claim, {"fen": per_month, "reason": plan.reason[:_REASON]})
    return True


def _waived(plan: Plan, left: dict[Claim, int], document: str) -> bool:
    try:
        for claim in left:
            require(plan.by, Action.PAYMENT_APPROVE, claim)
    except OutOfScope:
        # It stays receivable until somebody who may waive it plans it anew.
        return False
    _end_plans(plan, left)
    named = document.strip() or f"run {plan.run.public_id} plan {plan.pk}"
    for claim, fen in left.items():
        waive(by=plan.by, claim=claim, fen=fen, document=named[:_REFERENCE], reason=plan.reason[:_REASON])
    return True


def _end_plans(plan: Plan, left: dict[Claim, int]) -> None:
    RecoveryPlan.objects.filter(claim__in=left, ended_by=None).update(ended_by=plan.by)


def _claims(run: Run, person: int) -> list[Claim]:
    """What the run takes back from a person, over merged files, as it came into the ledger."""
    entries = Entry.objects.filter(reference=f"run {run.public_id}", kind=Entry.Kind.DUE)
    found = Claim.objects.filter(person__in=group_of(person), entry__in=entries, fen__lt=0)
    return list(found.select_related("fund").order_by("month", "pk"))


def _tell(plan: Plan, claim: Claim, details: dict[str, object]) -> None:
    append(
        user=plan.by,
        action="recovery.planned",
        subject_kind="claim",
        subject_id=claim.pk,
        division=claim.fund.division_id,
        details=details,
    )
