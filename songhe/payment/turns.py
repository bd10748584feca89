"""Whose turn it is with a batch: what may be done next, by this user or by somebody else, and why not by this one.

The writers in `domain` refuse by themselves; here is said beforehand what they would say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.payment.domain.approval import is_bureau
from songhe.payment.models import Approval, Batch

S = Batch.State


class Step(StrEnum):
    """What can be done with a batch, in the order of its way."""

    CHECK = "check"
    APPROVE = "approve"
    EXPORT = "export"
    SEND = "send"
    ANSWER = "answer"
    RECONCILE = "reconcile"
    CLOSE = "close"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Turn:
    """A step that the batch's state allows; `obstacle` says why this user does not do it, None when they may."""

    step: Step
    obstacle: Text | None


@dataclass(frozen=True)
class Lacking:
    """How many approvals a batch still needs, and whether one of them must be the city bureau's."""

    approvals: int
    bureau: bool

    @property
    def text(self) -> Text:
        if self.bureau:
            return say(
                f"还需{self.approvals}人审批，其中须有市级民政局1人",
                f"needs {self.approvals} more, one of them of the city's bureau",
            )
        return say(f"还需{self.approvals}人审批", f"needs {self.approvals} more to approve it")


_ALLOWED: Mapping[Step, tuple[Action, tuple[S, ...]]] = {
    Step.CHECK: (Action.PAYMENT_CHECK, (S.DRAFT,)),
    Step.APPROVE: (Action.PAYMENT_APPROVE, (S.CHECKED,)),
    Step.EXPORT: (Action.PAYMENT_MAKE, (S.APPROVED, S.EXPORTED)),
    Step.SEND: (Action.PAYMENT_MAKE, (S.EXPORTED,)),
    Step.ANSWER: (Action.PAYMENT_MAKE, (S.SENT, S.ANSWERED, S.RECONCILED, S.CLOSED)),
    Step.RECONCILE: (Action.PAYMENT_CHECK, (S.ANSWERED, S.RECONCILED)),
    Step.CLOSE: (Action.PAYMENT_CHECK, (S.RECONCILED,)),
    Step.CANCEL: (Action.PAYMENT_MAKE, (S.DRAFT, S.CHECKED, S.APPROVED)),
}
_NO_RIGHT = say("您的角色在此单位没有这项权限。", "Your roles do not allow it at this office.")


def turns(user: User, batch: Batch) -> list[Turn]:
    """The steps that the state of a batch allows, each with what keeps this user from it."""
    found = []
    for step, (action, states) in _ALLOWED.items():
        if batch.state in states:
            may = visible(Batch.objects.filter(pk=batch.pk), user, action).exists()
            found.append(Turn(step, _own(step, user, batch) if may else _NO_RIGHT))
    return found


def _own(step: Step, user: User, batch: Batch) -> Text | None:
    """What the user did with the batch before that keeps them from a step."""
    return _OWN[step](user, batch) if step in _OWN else None


def _check(user: User, batch: Batch) -> Text | None:
    if user.pk == batch.maker_id:
        return say("您编制了此批次，须由另一人复核。", "You made this batch; somebody else checks it.")
    return None


def _approve(user: User, batch: Batch) -> Text | None:
    if user.pk == batch.maker_id:
        return say("您编制了此批次，须由另一人审批。", "You made this batch; somebody else approves it.")
    if user.pk == batch.checker_id:
        return say("您复核了此批次，须由另一人审批。", "You checked this batch; somebody else approves it.")
    if Approval.objects.filter(batch=batch, user=user).exists():
        return say("您已审批，还须其他人审批。", "You approved it; others must as well.")
    return None


def _reconcile(user: User, batch: Batch) -> Text | None:
    if user.pk == batch.maker_id:
        return say("您编制了此批次，须由另一人核对。", "You made this batch; somebody else reconciles it.")
    return None


_OWN: Mapping[Step, Callable[[User, Batch], Text | None]] = {
    Step.CHECK: _check,
    Step.APPROVE: _approve,
    Step.RECONCILE: _reconcile,
}


def lacking(batch: Batch) -> Lacking | None:
    """What a checked batch still needs to be approved; None in any other state."""
    if batch.state != S.CHECKED:
        return None
    approvers = [one.user for one in Approval.objects.filter(batch=batch).select_related("user")]
    bureau = batch.bureau_needed and not any(is_bureau(user, batch) for user in approvers)
    return Lacking(max((batch.approvals_needed or 1) - len(approvers), 1 if bureau else 0), bureau)


def batches_waiting_for(user: User) -> QuerySet[Batch]:
    """Batches that this user may check or approve now."""
    to_check = visible(Batch.objects.filter(state=S.DRAFT), user, Action.PAYMENT_CHECK)
    to_approve = visible(Batch.objects.filter(state=S.CHECKED), user, Action.PAYMENT_APPROVE)
    given = Approval.objects.filter(user=user).values("batch_id")
    mine = Q(pk__in=to_check.values("pk")) | Q(pk__in=to_approve.exclude(pk__in=given).values("pk"))
    return Batch.objects.filter(mine).exclude(Q(maker=user) | Q(checker=user)).order_by("pk")
