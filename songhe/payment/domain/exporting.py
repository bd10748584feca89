"""Writing a batch for the bank (导出): to the caller's stream only, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common.fieldcrypto import unseal
from songhe.payment.domain.approval import go, in_state, tell
from songhe.payment.domain.payees import FIELD
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.files.formats import table_format
from songhe.payment.files.order import Order, Transfer
from songhe.payment.files.pain001 import check_pain001, write_pain001
from songhe.payment.files.table import check_table, write_table
from songhe.payment.models import Batch, PaymentLine

S = Batch.State
PAIN001 = "pain.001"


def export_batch(*, by: User, batch: Batch, form: str, target: IO[bytes]) -> None:
    """Write the file in a format of `formats/`, or PAIN001. The stream holds accounts in the clear: never keep it here.

    May be repeated until the batch was given to the bank: the same bytes each time. Raises OutOfScope, and PaymentError
    for a format that there is not, what a bank's field cannot hold, or a batch in another state.
    """
    require(by, Action.PAYMENT_MAKE, batch)
    table = None if form == PAIN001 else table_format(form)
    order = _order(in_state(batch, S.APPROVED, S.EXPORTED))
    check_pain001(order) if table is None else check_table(order, table)
    with writing():
        # No accounts leave without a line in the trail, even when the power fails in the middle of the file.
        now = in_state(batch, S.APPROVED, S.EXPORTED)
        if now.state == S.APPROVED:
            go(now, S.EXPORTED)
        tell(by, "batch.exported", now, {"format": form, "count": now.lines_number, "fen": now.fen})
    if table is None:
        write_pain001(order, target)
    else:
        write_table(order, table, target)


def _order(batch: Batch) -> Order:
    payer, at = batch.paid_from, batch.approved_at
    assert at is not None
    transfers = list(_transfers(batch))
    order = Order(batch.message_id, at, payer.name, unseal(FIELD, payer.account), payer.bank, batch.title, transfers)
    if (len(transfers), order.fen) != (batch.lines_number, batch.fen):
        raise PaymentError("明细与批次合计不符，不予导出。", "The lines do not come to the batch's total.")
    return order


def _transfers(batch: Batch) -> Iterator[Transfer]:
    rows = PaymentLine.objects.filter(batch=batch).order_by("pk")
    for end_to_end, name, sealed, fen in rows.values_list("end_to_end", "name", "account", "fen").iterator():
        yield Transfer(end_to_end, name, unseal(FIELD, sealed), fen)
