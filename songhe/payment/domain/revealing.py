"""Showing the account of a payment in full (查看收款账号): only by asking, and every time recorded."""

from __future__ import annotations

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common.fieldcrypto import unseal
from songhe.payment.domain.payees import FIELD
from songhe.payment.models import PaymentLine

_SHOWN = 4


def reveal_account(*, by: User, line: PaymentLine) -> str:
    """The account to which a line pays. Raises OutOfScope for whoever may not see it."""
    require(by, Action.PERSON_REVEAL, line)
    append(
        user=by,
        action="payment.revealed",
        subject_kind="payment_line",
        subject_id=line.end_to_end,
        division=line.batch.division_id,
        details={"batch": line.batch_id},
    )
    return unseal(FIELD, line.account)


def masked_account(sealed: bytes) -> str:
    """The last four digits of a sealed account of a line, a payee or an office."""
    return f"****{unseal(FIELD, sealed)[-_SHOWN:]}"
