"""Checking, approving and cancelling batches: always by somebody else than before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Sum

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import Role, User
from songhe.accounts.reach import reach
from songhe.accounts.scope import grants_of, require
from songhe.common import clock
from songhe.payment.domain.funds import available
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Approval, Assignment, Batch, Fund
from songhe.payment.storing import rows_of
from songhe.payment.tiers import tier_for
from songhe.registry.sets import add_rows

S = Batch.State


def check_batch(*, by: User, batch: Batch, lines: int, fen: int) -> None:
    """The checker (复核) states the number of lines and the sum found on paper or screen; they must be the batch's.

    Raises OutOfScope, and PaymentError for the maker, for figures that differ and for a batch that is no draft.
    """
    require(by, Action.PAYMENT_CHECK, batch)
    with writing():
        now = in_state(batch, S.DRAFT)
        if now.maker_id == by.pk:
            raise PaymentError("编制人不能复核自己编制的批次。", "Whoever made a batch cannot check it.")
        if (lines, fen) != (now.lines_number, now.fen):
            raise PaymentError("笔数或金额与批次不符，请重新核对。", "The number or the sum is not the batch's.")
        tier = tier_for(now.fen)
        change = {"checker": by, "checked_at": clock.now(), "approvals_needed": tier.approvals}
        go(now, S.CHECKED, **change, bureau_needed=tier.bureau)
        tell(by, "batch.checked", now, {"count": lines, "fen": fen, "approvals": tier.approvals})


def approve_batch(*, by: User, batch: Batch) -> bool:
    """One approval (审批); True when it was the last that was needed.

    Raises OutOfScope, and PaymentError for the maker, the checker, a second approval by the same person, and when a
    fund has less than the batch takes from it.
    """
    require(by, Action.PAYMENT_APPROVE, batch)
    with writing():
        now = in_state(batch, S.CHECKED)
        given = set(Approval.objects.filter(batch=now).values_list("user_id", flat=True))
        if by.pk in {now.maker_id, now.checker_id, *given}:
            raise PaymentError("编制、复核、审批须为不同的人。", "Who makes, checks and approves are different people.")
        require_funds(now)
        Approval.objects.create(batch=now, user=by)
        enough = _enough(now)
        if enough:
            go(now, S.APPROVED, approved_at=clock.now())
        tell(by, "batch.approved", now, {"fen": now.fen, "last": enough})
    return enough


def cancel_batch(*, by: User, batch: Batch, reason: str) -> None:
    """A batch that was not exported is given up (作废); what it was to pay can go into another.

    Raises OutOfScope, and PaymentError without a reason and from export on.
    """
    require(by, Action.PAYMENT_MAKE, batch)
    if not reason.strip():
        raise PaymentError("请填写作废事由。", "Give the reason.")
    with writing():
        now = Batch.objects.get(pk=batch.pk)
        if now.state not in (S.DRAFT, S.CHECKED, S.APPROVED):
            raise PaymentError("已导出的批次不能作废。", "A batch that was exported cannot be cancelled.")
        go(now, S.CANCELLED, cancelled_by=by, cancel_reason=reason)
        Assignment.objects.filter(line__batch=now, live=True).update(live=False)
        _give_back(now)
        tell(by, "batch.cancelled", now, {"reason": reason})


def require_funds(batch: Batch) -> None:
    """Raises PaymentError when a fund has less than this batch and those approved before it take from it."""
    for fund_id, fen in drawn(batch).items():
        fund = Fund.objects.get(pk=fund_id)
        lacking = fen + _promised(fund, batch) - available(fund)
        if lacking > 0:
            raise PaymentError(
                f"{fund}余额不足，缺{lacking}分；不得以其他资金垫付。",
                f"{fund} lacks {lacking} fen; no other fund stands in for it.",
            )


def drawn(batch: Batch) -> Mapping[int, int]:
    """Fen that the batch takes from each fund (by id); what was in suspense was taken before."""
    fresh = Assignment.objects.filter(line__batch=batch, live=True, from_suspense=False)
    return dict(fresh.values_list("claim__fund_id").annotate(fen=Sum("fen")).order_by("claim__fund_id"))


def _promised(fund: Fund, besides: Batch) -> int:
    waiting = Assignment.objects.filter(
        claim__fund=fund, live=True, from_suspense=False, line__batch__state__in=(S.APPROVED, S.EXPORTED)
    )
    return waiting.exclude(line__batch=besides).aggregate(fen=Sum("fen"))["fen"] or 0


def _enough(batch: Batch) -> bool:
    approvers = list(User.objects.filter(pk__in=Approval.objects.filter(batch=batch).values("user_id")))
    assert batch.approvals_needed is not None
    if len(approvers) < batch.approvals_needed:
        return False
    return not batch.bureau_needed or any(is_bureau(user, batch) for user in approvers)


def is_bureau(user: User, batch: Batch) -> bool:
    """Whether somebody's approval of a batch is the city bureau's."""
    held = grants_of(user).filter(role=Role.CITY_BUREAU).values_list("division_id", "valid_from")
    return batch.division_id in reach(held, clock.today())


def _give_back(batch: Batch) -> None:
    """What stood for a line that had bounced is held by that line again: it must not pass for never sent."""
    held = rows_of(
        "SELECT l.replaces_id, a.claim_id, a.fen FROM payment_assignment a JOIN payment_paymentline l "
        "ON l.id = a.line_id WHERE l.batch_id = %s AND l.replaces_id IS NOT NULL",
        [batch.pk],
    )
    columns = ("line_id", "claim_id", "fen", "from_suspense", "live")
    add_rows(Assignment, columns, [(line, claim, fen, True, True) for line, claim, fen in held])


def in_state(batch: Batch, *states: S) -> Batch:
    """The batch as it stands. Raises PaymentError when it is in another state."""
    now = Batch.objects.get(pk=batch.pk)
    if now.state not in states:
        label = S(now.state).label
        raise PaymentError(f"批次{now.pk}当前为{label}，不能执行此操作。", f"Batch {now.pk} is {now.state}.")
    return now


def go(batch: Batch, state: S, **changes: Any) -> None:
    Batch.objects.filter(pk=batch.pk, state=batch.state).update(state=state, **changes)
    batch.refresh_from_db()


def tell(by: User, action: str, batch: Batch, details: Mapping[str, object]) -> None:
    """The line of the audit trail about a batch: the last thing to do in a transaction."""
    append(
        user=by,
        action=action,
        subject_kind="batch",
        subject_id=batch.pk,
        division=batch.division_id,
        details=details,
    )
