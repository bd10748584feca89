"""Reconciling (核对) and closing: to the fen, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Sum

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.payment.domain.answering import BOUNCED, PAID, unanswered
from songhe.payment.domain.approval import go, in_state, tell
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Answer, Batch, Discrepancy, PaymentLine, Reconciliation

S = Batch.State


@dataclass(frozen=True)
class Difference:
    """What does not agree: `what` is unanswered, paid, bounced, total, or the kind of a discrepancy.

    `ours` and `banks` are fen; for `unanswered` a number of lines. `id` is a Discrepancy that can be explained.
    """

    what: str
    ours: int | None
    banks: int | None
    id: int | None = None


class NotReconciled(PaymentError):
    """The bank's figures are not ours; `differences` lists all of them."""

    def __init__(self, differences: list[Difference]) -> None:
        told = "; ".join(f"{one.what}: {one.ours} / {one.banks}" for one in differences[:20])
        super().__init__(f"有{len(differences)}处差异，未能核对：", f"{len(differences)} differences: {told}")
        self.differences = differences


def totals(batch: Batch) -> tuple[int, int]:
    """Fen paid and fen bounced, by what the bank said last of each line."""
    returned = Answer.objects.filter(line=OuterRef("pk"), outcome=BOUNCED)
    came_in = Answer.objects.filter(line=OuterRef("pk"), outcome=PAID)
    lines = PaymentLine.objects.filter(batch=batch)
    bounced = lines.filter(Exists(returned)).aggregate(fen=Sum("fen"))["fen"] or 0
    paid = lines.filter(Exists(came_in) & ~Exists(returned)).aggregate(fen=Sum("fen"))["fen"] or 0
    return paid, bounced


def differences(batch: Batch, *, bank_paid: int, bank_returned: int) -> list[Difference]:
    """All that stands between this batch and the bank's figures; none when they agree to the fen."""
    paid, bounced = totals(batch)
    found = []
    if missing := unanswered(batch):
        found.append(Difference("unanswered", missing, 0))
    if paid != bank_paid:
        found.append(Difference("paid", paid, bank_paid))
    if bounced != bank_returned:
        found.append(Difference("bounced", bounced, bank_returned))
    if batch.fen != bank_paid + bank_returned:
        found.append(Difference("total", batch.fen, bank_paid + bank_returned))
    open_ones = Discrepancy.objects.filter(batch=batch, explained_by=None).order_by("pk")
    return found + [Difference(one.kind, one.ours, one.banks, one.pk) for one in open_ones]


def explain(*, by: User, discrepancy: Discrepancy, reason: str) -> None:
    """Why a row of an answer file does not fit, and that it needs no more. Raises PaymentError without a reason."""
    require(by, Action.PAYMENT_CHECK, discrepancy)
    if not reason.strip():
        raise PaymentError("请填写说明。", "Give the explanation.")
    with writing():
        open_one = Discrepancy.objects.filter(pk=discrepancy.pk, explained_by=None)
        if not open_one.update(explained_by=by, explanation=reason):
            raise PaymentError("此差异已说明。", "It was explained before.")
        tell(by, "batch.explained", discrepancy.batch, {"discrepancy": discrepancy.pk, "reason": reason})


def reconcile(*, by: User, batch: Batch, bank_paid: int, bank_returned: int) -> Reconciliation:
    """The bank statement's totals in fen are ours. May be done again when something came back since.

    Raises OutOfScope, NotReconciled with every difference, and PaymentError for the maker or a batch in another state.
    """
    require(by, Action.PAYMENT_CHECK, batch)
    with writing():
        now = in_state(batch, S.ANSWERED, S.RECONCILED)
        if by.pk == now.maker_id:
            raise PaymentError("编制人不能核对自己编制的批次。", "Whoever made a batch cannot reconcile it.")
        if found := differences(now, bank_paid=bank_paid, bank_returned=bank_returned):
            raise NotReconciled(found)
        made = Reconciliation.objects.create(batch=now, paid=bank_paid, bounced=bank_returned, user=by)
        if now.state == S.ANSWERED:
            go(now, S.RECONCILED)
        tell(by, "batch.reconciled", now, {"paid": bank_paid, "bounced": bank_returned})
    return made


def close_batch(*, by: User, batch: Batch) -> None:
    """Raises NotReconciled when something came in since it was reconciled, PaymentError when it never was."""
    require(by, Action.PAYMENT_CHECK, batch)
    with writing():
        now = in_state(batch, S.RECONCILED)
        last = Reconciliation.objects.filter(batch=now).latest("pk")
        if found := differences(now, bank_paid=last.paid, bank_returned=last.bounced):
            raise NotReconciled(found)
        go(now, S.CLOSED)
        tell(by, "batch.closed", now, {})
