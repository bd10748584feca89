"""Recoveries (追回): set off against later dues by a plan, repaid, or waived. Nobody is ever paid less than nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import Coalesce

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.payment.domain.posting import Chart, Kind, Line, Voucher, next_entry, post, writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim, Entry, Posting, RecoveryPlan, SetOff
from songhe.payment.parties import Party, of_organisation
from songhe.registry.groups import all_groups


def outstanding(claim: Claim) -> int:
    """Fen of a recovery that are still receivable."""
    on_it = Posting.objects.filter(claim=claim, account__kind=Kind.RECOVERY)
    return int(on_it.aggregate(fen=Coalesce(Sum("fen"), 0))["fen"])


def state_plan(*, by: User, claim: Claim, per_month: int, reason: str) -> RecoveryPlan:
    """Set a recovery off against later dues, at most so many fen a month; ends the plan before. Raises PaymentError."""
    require(by, Action.PAYMENT_MAKE, claim)
    if claim.fen > 0:
        raise PaymentError("只有应追回款才能制定抵扣计划。", "Only a recovery can have a plan.")
    if per_month <= 0 or not reason.strip():
        raise PaymentError("请填写每月抵扣额和事由。", "Give the sum per month and the reason.")
    with writing():
        RecoveryPlan.objects.filter(claim=claim, ended_by=None).update(ended_by=by)
        plan = RecoveryPlan.objects.create(claim=claim, per_month=per_month, reason=reason, stated_by=by)
        _tell(by, "recovery.planned", claim, {"fen": per_month, "reason": reason})
    return plan


def end_plan(*, by: User, plan: RecoveryPlan) -> None:
    """Nothing more is set off; what is left stays receivable."""
    require(by, Action.PAYMENT_MAKE, plan.claim)
    with writing():
        if not RecoveryPlan.objects.filter(pk=plan.pk, ended_by=None).update(ended_by=by):
            raise PaymentError("此计划已终止。", "The plan was ended before.")
        _tell(by, "recovery.plan_ended", plan.claim, {})


def repay(*, by: User, claim: Claim, fen: int, document: str) -> Entry:
    """Money given back (退还): it is in the fund again. Raises PaymentError above what is receivable."""
    return _settle(by, claim, fen, document, "", Entry.Kind.REPAYMENT, Kind.FUND, "recovery.repaid")


def waive(*, by: User, claim: Claim, fen: int, document: str, reason: str) -> Entry:
    """What cannot be recovered is written off (核销), by whoever may approve payments. Raises PaymentError."""
    require(by, Action.PAYMENT_APPROVE, claim)
    if not reason.strip():
        raise PaymentError("请填写核销事由。", "Give the reason of the waiver.")
    return _settle(by, claim, fen, document, reason, Entry.Kind.WAIVER, Kind.WAIVER, "recovery.waived")


def _settle(
    by: User, claim: Claim, fen: int, document: str, reason: str, kind: Entry.Kind, debit: Kind, action: str
) -> Entry:
    require(by, Action.PAYMENT_MAKE, claim)
    with writing():
        left = outstanding(claim)
        if not document.strip() or not 0 < fen <= left:
            raise PaymentError(f"请填写依据，金额在1至{left}分之间。", f"Give the document and 1 to {left} fen.")
        chart, fund = Chart(), claim.fund
        voucher = Voucher(kind=kind, user=by, division=fund.division_id, reference=document, reason=reason)
        lines = [Line(chart.of(fund.pk, debit), fen, claim.pk), Line(chart.of(fund.pk, Kind.RECOVERY), -fen, claim.pk)]
        entry = post(voucher, lines)
        _tell(by, action, claim, {"fen": fen, "entry": entry.pk, "reason": reason})
    return entry


@dataclass
class Due:
    """A due that may bear a set-off: who is paid for it, and how many fen are left of it."""

    claim: int
    party: Party
    fund: int
    item: str
    month: dt.date
    left: int


def set_off(by: User, division: int, dues: Collection[Due], reference: str) -> Counter[int]:
    """Keep back of these dues what open plans say, the oldest recovery first: fen by claim. Only within `writing`.

    Each due bears at most what is left of it, each plan at most its sum a month and what is still receivable.
    """
    plans = _open_plans({due.fund for due in dues})
    kept: list[tuple[RecoveryPlan, Due, int]] = []
    if plans:
        for due in sorted(dues, key=lambda due: (due.month, due.claim)):
            kept += _keep(plans.get((due.party, due.item, due.fund), ()), due)
    if kept:
        _post_set_offs(by, division, kept, reference)
    total: Counter[int] = Counter()
    for _, due, fen in kept:
        total[due.claim] += fen
    return total


@dataclass
class _Open:
    plan: RecoveryPlan
    left: int
    used: Counter[dt.date]


def _open_plans(funds: Collection[int]) -> dict[tuple[Party, str, int], list[_Open]]:
    """By party, item and fund, the oldest recovery first; three statements, however many plans."""
    found = RecoveryPlan.objects.filter(ended_by=None, claim__fund__in=funds).select_related("claim")
    if not (ordered := list(found.order_by("claim__month", "claim_id"))):
        return {}
    left, used, survivor = _receivable(funds), _used(funds), all_groups().survivor_of
    together = _used_together({plan.settlement_id for plan in ordered if plan.settlement_id})
    plans: dict[tuple[Party, str, int], list[_Open]] = defaultdict(list)
    for plan in ordered:
        claim = plan.claim
        if left.get(claim.pk, 0) > 0:
            # One counter for all that is settled together.
            spent = together[plan.settlement_id] if plan.settlement_id else used[claim.pk]
            person = survivor.get(claim.person_id, claim.person_id)
            party = of_organisation(claim.organisation_id) if person is None else person
            plans[party, claim.item, claim.fund_id].append(_Open(plan, left[claim.pk], spent))
    return plans


def _receivable(funds: Collection[int]) -> dict[int, int]:
    """Fen still receivable, by recovery with an open plan."""
    on_them = Posting.objects.filter(account__kind=Kind.RECOVERY, account__fund__in=funds)
    planned = on_them.filter(claim__in=RecoveryPlan.objects.filter(ended_by=None).values("claim_id"))
    return {claim: int(fen) for claim, fen in planned.values_list("claim_id").annotate(fen=Sum("fen")).order_by()}


def _used(funds: Collection[int]) -> dict[int, Counter[dt.date]]:
    """Fen set off already, by recovery and month of the due."""
    used: dict[int, Counter[dt.date]] = defaultdict(Counter)
    kept = SetOff.objects.filter(plan__claim__fund__in=funds)
    for claim, month, fen in kept.values_list("plan__claim_id", "due__month", "fen"):
        used[claim][month] += fen
    return used


def _used_together(settlements: Collection[int]) -> dict[int, Counter[dt.date]]:
    """Fen set off already of all that is settled together, on whatever fund and by whatever plan before."""
    used: dict[int, Counter[dt.date]] = defaultdict(Counter)
    settled = RecoveryPlan.objects.filter(settlement__in=settlements).values_list("claim_id", "settlement_id")
    settlement_of = dict(settled.order_by("pk"))
    kept = SetOff.objects.filter(plan__claim__in=list(settlement_of)) if settlement_of else SetOff.objects.none()
    for claim, month, fen in kept.values_list("plan__claim_id", "due__month", "fen"):
        used[settlement_of[claim]][month] += fen
    return used


def _keep(plans: Collection[_Open], due: Due) -> list[tuple[RecoveryPlan, Due, int]]:
    kept = []
    for one in plans:
        fen = min(one.left, due.left, one.plan.per_month - one.used[due.month])
        if fen > 0 and due.month >= one.plan.claim.month:
            one.left -= fen
            one.used[due.month] += fen
            due.left -= fen
            kept.append((one.plan, due, fen))
    return kept


def _post_set_offs(by: User, division: int, kept: list[tuple[RecoveryPlan, Due, int]], reference: str) -> None:
    chart, number = Chart(), next_entry()
    SetOff.objects.bulk_create(
        [SetOff(plan=plan, due_id=due.claim, fen=fen, entry_id=number) for plan, due, fen in kept], batch_size=500
    )
    voucher = Voucher(kind=Entry.Kind.SET_OFF, user=by, division=division, reference=reference)
    post(
        voucher,
        (
            line
            for plan, due, fen in kept
            for line in (
                Line(chart.of(due.fund, Kind.PAYEE), fen, due.claim),
                Line(chart.of(due.fund, Kind.RECOVERY), -fen, plan.claim_id),
            )
        ),
    )


def _tell(by: User, action: str, claim: Claim, details: dict[str, object]) -> None:
    append(
        user=by,
        action=action,
        subject_kind="claim",
        subject_id=claim.pk,
        division=claim.fund.division_id,
        details=details,
    )
