"""The tables of payment: funds and the ledger, what is owed, and the batches by which it is paid."""

from songhe.payment.models.batches import (
    Answer,
    AnswerFile,
    Approval,
    Assignment,
    Batch,
    Discrepancy,
    PayingAccount,
    PaymentLine,
    Reconciliation,
)
from songhe.payment.models.claims import Claim, Payee, RecoveryPlan, SetOff
from songhe.payment.models.funding import Funding, FundingShare
from songhe.payment.models.ledger import Account, Budget, Entry, Fund, Posting

__all__ = [
    "Account",
    "Answer",
    "AnswerFile",
    "Approval",
    "Assignment",
    "Batch",
    "Budget",
    "Claim",
    "Discrepancy",
    "Entry",
    "Fund",
    "Funding",
    "FundingShare",
    "Payee",
    "PayingAccount",
    "PaymentLine",
    "Posting",
    "Reconciliation",
    "RecoveryPlan",
    "SetOff",
]
