"""Proving the ledger (总账核验): every rule that the database and the domain keep, asked once more of what is there.

Each check is a statement that finds the first row for which it does not hold: a place and what was expected and found.
Nothing is read into memory but that row, so the checks serve a ledger of any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from songhe.common.text import Text
from songhe.payment.storing import rows_of


@dataclass(frozen=True)
class Fault:
    """The first place where a check does not hold: `where` names the row, `expected` and `found` are fen or numbers."""

    check: str
    where: str
    expected: int | None
    found: int | None

    def __str__(self) -> str:
        label = LABELS[self.check]
        return f"{label.zh} {label.en}: {self.where}（应为 expected {self.expected}，实为 found {self.found}）"


LABELS: Mapping[str, Text] = {
    "numbers": Text(zh="凭证号不连续", en="The numbers of entries have a gap"),
    "orphans": Text(zh="分录没有凭证", en="Postings without an entry"),
    "zero": Text(zh="凭证不平", en="An entry does not come to zero"),
    "count": Text(zh="凭证的分录数不符", en="An entry lost or gained postings"),
    "balance": Text(zh="科目余额与分录不符", en="The balance of an account is not its postings"),
    "fund": Text(zh="应付应追回与资金不符", en="A posting of a claim is on another fund"),
    "due": Text(zh="应付与分录不符", en="What is owed on a claim is not what its postings say"),
    "set_off": Text(zh="抵扣与分录不符", en="What was set off is not what the postings say"),
    "recovery": Text(zh="追回超过应追回", en="More was recovered than was receivable"),
    "payee": Text(zh="应付与提交银行不符", en="What is still owed on a claim is not what was not sent"),
    "suspense": Text(zh="退汇与待处理不符", en="What is in suspense on a claim is not what came back and waits"),
    "fund_paid": Text(zh="资金支出与回单不符", en="What left a fund is not what the bank paid"),
    "line": Text(zh="明细与应付不符", en="A line is not the sum of what it pays"),
    "party": Text(zh="明细与应付的收款方不符", en="A line pays what is owed to another"),
    "batch": Text(zh="批次与明细不符", en="A batch is not the sum of its lines"),
    "twice": Text(zh="重复发放", en="A claim was paid twice"),
    "segregation": Text(zh="编制、复核、审批为同一人", en="One person made and checked or approved a batch"),
}

# The sum of what is posted for each claim on one kind of account.
_ON = (
    "SELECT p.claim_id, sum(p.fen) AS fen FROM payment_posting p JOIN payment_account a ON a.id = p.account_id "
    "WHERE a.kind = '{}' AND p.claim_id IS NOT NULL GROUP BY p.claim_id"
)
_SENT = "JOIN payment_batch b ON b.id = l.batch_id AND b.state IN ('sent', 'answered', 'reconciled', 'closed')"
# What each line pays; a line that holds its claims again after a cancelled one counts them once.
_PAYS = "SELECT DISTINCT line_id, claim_id, fen FROM payment_assignment"

# Each gives: where, expected, found.
_CHECKS: dict[str, str] = {
    "numbers": "SELECT 'entries', max(id), count(*) FROM payment_entry HAVING max(id) <> count(*)",
    "orphans": (
        "SELECT 'entry ' || p.entry_id, 0, count(*) FROM payment_posting p LEFT JOIN payment_entry e "
        "ON e.id = p.entry_id WHERE e.id IS NULL GROUP BY p.entry_id ORDER BY p.entry_id LIMIT 1"
    ),
    "zero": (
        "SELECT 'entry ' || entry_id, 0, sum(fen) FROM payment_posting GROUP BY entry_id HAVING sum(fen) <> 0 "
        "ORDER BY entry_id LIMIT 1"
    ),
    "count": (
        "SELECT 'entry ' || e.id, e.postings, coalesce(p.n, 0) FROM payment_entry e LEFT JOIN "
        "(SELECT entry_id, count(*) AS n FROM payment_posting GROUP BY entry_id) p ON p.entry_id = e.id "
        "WHERE coalesce(p.n, 0) <> e.postings ORDER BY e.id LIMIT 1"
    ),
    "balance": (
        "SELECT 'account ' || a.id, coalesce(p.fen, 0), a.balance FROM payment_account a LEFT JOIN "
        "(SELECT account_id, sum(fen) AS fen FROM payment_posting GROUP BY account_id) p ON p.account_id = a.id "
        "WHERE coalesce(p.fen, 0) <> a.balance ORDER BY a.id LIMIT 1"
    ),
    "fund": (
        "SELECT 'posting ' || p.id, c.fund_id, a.fund_id FROM payment_posting p "
        "JOIN payment_claim c ON c.id = p.claim_id JOIN payment_account a ON a.id = p.account_id "
        "WHERE a.fund_id <> c.fund_id ORDER BY p.id LIMIT 1"
    ),
    "due": (
        "SELECT 'claim ' || c.id, -c.fen, coalesce(p.fen, 0) FROM payment_claim c LEFT JOIN "
        "(SELECT p.claim_id, p.entry_id, sum(p.fen) AS fen FROM payment_posting p JOIN payment_account a "
        "ON a.id = p.account_id WHERE a.kind IN ('payee', 'recovery') GROUP BY p.claim_id, p.entry_id) p "
        "ON p.claim_id = c.id AND p.entry_id = c.entry_id WHERE coalesce(p.fen, 0) <> -c.fen ORDER BY c.id LIMIT 1"
    ),
    "set_off": (
        "SELECT 'claim ' || coalesce(s.claim_id, p.claim_id), coalesce(s.fen, 0), coalesce(p.fen, 0) FROM "
        "(SELECT due_id AS claim_id, entry_id, sum(fen) AS fen FROM payment_setoff GROUP BY due_id, entry_id) s "
        "FULL JOIN (SELECT p.claim_id, p.entry_id, sum(p.fen) AS fen FROM payment_posting p "
        "JOIN payment_account a ON a.id = p.account_id JOIN payment_entry e ON e.id = p.entry_id "
        "WHERE a.kind = 'payee' AND e.kind = 'set_off' GROUP BY p.claim_id, p.entry_id) p "
        "ON p.claim_id = s.claim_id AND p.entry_id = s.entry_id WHERE coalesce(s.fen, 0) <> coalesce(p.fen, 0) LIMIT 1"
    ),
    "recovery": (
        "SELECT 'claim ' || p.claim_id, 0, sum(p.fen) FROM payment_posting p JOIN payment_account a "
        "ON a.id = p.account_id WHERE (a.kind = 'recovery' AND p.claim_id IS NOT NULL) "
        "GROUP BY p.claim_id HAVING sum(p.fen) < 0 ORDER BY p.claim_id LIMIT 1"
    ),
    # A due is owed until it was set off or first went to the bank.
    "payee": (
        "SELECT 'claim ' || c.id, coalesce(o.fen, 0) + coalesce(w.fen, 0) - c.fen, coalesce(p.fen, 0) "
        f"FROM payment_claim c LEFT JOIN ({_ON.format('payee')}) p ON p.claim_id = c.id "
        "LEFT JOIN (SELECT due_id, sum(fen) AS fen FROM payment_setoff GROUP BY due_id) o ON o.due_id = c.id "
        "LEFT JOIN (SELECT a.claim_id, sum(a.fen) AS fen FROM payment_assignment a "
        f"JOIN payment_paymentline l ON l.id = a.line_id {_SENT} AND NOT a.from_suspense GROUP BY a.claim_id) w "
        "ON w.claim_id = c.id WHERE c.fen > 0 "
        "AND coalesce(o.fen, 0) + coalesce(w.fen, 0) - c.fen <> coalesce(p.fen, 0) ORDER BY c.id LIMIT 1"
    ),
    # What came back waits with the line that bounced, until a line that stands for it went to the bank.
    "suspense": (
        "SELECT 'claim ' || coalesce(w.claim_id, p.claim_id), -coalesce(w.fen, 0), coalesce(p.fen, 0) FROM "
        f"(SELECT a.claim_id, sum(a.fen) AS fen FROM payment_answer r JOIN ({_PAYS}) a ON a.line_id = r.line_id "
        "WHERE r.outcome = 'bounced' AND NOT EXISTS (SELECT 1 FROM payment_paymentline l "
        f"{_SENT} WHERE l.replaces_id = r.line_id) GROUP BY a.claim_id) w "
        f"FULL JOIN ({_ON.format('suspense')} HAVING sum(p.fen) <> 0) p ON p.claim_id = w.claim_id "
        "WHERE coalesce(w.fen, 0) <> -coalesce(p.fen, 0) LIMIT 1"
    ),
    "fund_paid": (
        "SELECT 'fund ' || coalesce(w.fund_id, p.fund_id), -coalesce(w.fen, 0), coalesce(p.fen, 0) FROM "
        f"(SELECT c.fund_id, sum(a.fen) AS fen FROM payment_answer r JOIN ({_PAYS}) a ON a.line_id = r.line_id "
        "JOIN payment_claim c ON c.id = a.claim_id WHERE r.outcome = 'paid' AND NOT EXISTS (SELECT 1 "
        "FROM payment_answer b WHERE b.line_id = r.line_id AND b.outcome = 'bounced') GROUP BY c.fund_id) w "
        "FULL JOIN (SELECT a.fund_id, sum(p.fen) AS fen FROM payment_posting p "
        "JOIN payment_account a ON a.id = p.account_id JOIN payment_entry e ON e.id = p.entry_id "
        "WHERE a.kind = 'fund' AND e.kind = 'answered' GROUP BY a.fund_id) p ON p.fund_id = w.fund_id "
        "WHERE coalesce(w.fen, 0) <> -coalesce(p.fen, 0) LIMIT 1"
    ),
    "line": (
        "SELECT 'line ' || l.id, l.fen, coalesce(a.fen, 0) FROM payment_paymentline l LEFT JOIN "
        f"(SELECT line_id, sum(fen) AS fen FROM ({_PAYS}) d GROUP BY line_id) a ON a.line_id = l.id "
        "WHERE l.fen <> coalesce(a.fen, 0) ORDER BY l.id LIMIT 1"
    ),
    # Files of people can be merged between the claim and the line; organisations cannot.
    "party": (
        f"SELECT 'line ' || l.id, coalesce(c.organisation_id, 0), coalesce(l.organisation_id, 0) FROM ({_PAYS}) a "
        "JOIN payment_paymentline l ON l.id = a.line_id JOIN payment_claim c ON c.id = a.claim_id "
        "WHERE coalesce(c.organisation_id, 0) <> coalesce(l.organisation_id, 0) ORDER BY l.id LIMIT 1"
    ),
    "batch": (
        "SELECT 'batch ' || b.id, b.fen, coalesce(l.fen, 0) FROM payment_batch b LEFT JOIN "
        "(SELECT batch_id, sum(fen) AS fen, count(*) AS n FROM payment_paymentline GROUP BY batch_id) l "
        "ON l.batch_id = b.id WHERE b.fen <> coalesce(l.fen, 0) OR b.lines_number <> coalesce(l.n, 0) "
        "ORDER BY b.id LIMIT 1"
    ),
    # Lines on which money is out: sent, and not come back.
    "twice": (
        "SELECT 'claim ' || a.claim_id, 1, count(*) "
        f"FROM ({_PAYS}) a JOIN payment_paymentline l ON l.id = a.line_id {_SENT} "
        "WHERE NOT EXISTS (SELECT 1 FROM payment_answer r WHERE r.line_id = l.id AND r.outcome = 'bounced') "
        "GROUP BY a.claim_id HAVING count(*) > 1 ORDER BY a.claim_id LIMIT 1"
    ),
    "segregation": (
        "SELECT 'batch ' || b.id, 0, count(*) FROM payment_batch b LEFT JOIN payment_approval a ON a.batch_id = b.id "
        "WHERE b.checker_id = b.maker_id OR a.user_id IN (b.maker_id, b.checker_id) GROUP BY b.id "
        "ORDER BY b.id LIMIT 1"
    ),
}


def faults() -> Iterator[Fault]:
    """The first fault of every check that does not hold; none when the ledger is whole."""
    with _whole_tables():
        found = [(check, row) for check, statement in _CHECKS.items() for row in rows_of(statement)]
    for check, (where, expected, there) in found:
        yield Fault(check, str(where), _whole(expected), _whole(there))


@contextmanager
def _whole_tables() -> Iterator[None]:
    """PostgreSQL guesses few rows of a sum it has not seen yet, and would look each up by itself, for hours."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        yield
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT; SET LOCAL jit = DEFAULT; SET LOCAL work_mem = DEFAULT")


def checks() -> tuple[str, ...]:
    """The names of all checks."""
    return tuple(_CHECKS)


def _whole(number: object) -> int | None:
    # PostgreSQL gives sums of bigint as decimals.
    return None if number is None else int(str(number))
