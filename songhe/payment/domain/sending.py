"""Giving a batch to the bank (提交银行): from then on the money is on its way, and the ledger says so."""

from __future__ import annotations

from collections import Counter

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.payment.domain.approval import go, in_state, require_funds, tell
from songhe.payment.domain.posting import Chart, Kind, Line, Voucher, post, writing
from songhe.payment.models import Batch, Entry
from songhe.payment.storing import rows_of

_HELD = (
    "SELECT a.claim_id, c.fund_id, a.fen, a.from_suspense FROM payment_assignment a "
    "JOIN payment_paymentline l ON l.id = a.line_id JOIN payment_claim c ON c.id = a.claim_id "
    "WHERE l.batch_id = %s AND a.live ORDER BY a.id"
)


def send_batch(*, by: User, batch: Batch) -> Entry:
    """The exported file was given to the bank. Raises OutOfScope; PaymentError in another state or without money."""
    require(by, Action.PAYMENT_MAKE, batch)
    with writing():
        now = in_state(batch, Batch.State.EXPORTED)
        require_funds(now)
        chart, lines = Chart(), []
        by_fund: Counter[int] = Counter()
        for claim, fund, fen, from_suspense in rows_of(_HELD, [now.pk]):
            by_fund[fund] += fen
            lines.append(Line(chart.of(fund, Kind.SUSPENSE if from_suspense else Kind.PAYEE), fen, claim))
        lines += [Line(chart.of(fund, Kind.CLEARING), -fen) for fund, fen in by_fund.items()]
        entry = post(voucher(Entry.Kind.SENT, by, now), lines)
        go(now, Batch.State.SENT)
        tell(by, "batch.sent", now, {"fen": now.fen, "count": now.lines_number, "entry": entry.pk})
    return entry


def voucher(kind: Entry.Kind, by: User, batch: Batch) -> Voucher:
    """Why the ledger moves for a batch."""
    return Voucher(kind=kind, user=by, division=batch.division_id, reference=batch.message_id)
