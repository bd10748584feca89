"""Paying again what came back (重发): once the account was stated anew, in a new batch and under a new number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.payment.domain.accounts import stated_since
from songhe.payment.domain.making import Made, Paid, left_out, write_batch
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Answer, Assignment, Batch
from songhe.payment.parties import PARTY_SQL, Party
from songhe.payment.storing import rows_of

NOT_CORRECTED = "not_corrected"


def reissue(*, by: User, batch: Batch, title: str) -> Made:
    """A new draft of the lines of a batch that bounced and whose account was corrected; the others are left out.

    Raises OutOfScope, and PaymentError when nothing waits.
    """
    require(by, Action.PAYMENT_MAKE, batch)
    with writing():
        lines, since = _waiting(batch)
        if not lines:
            raise PaymentError("没有待重发的款项。", "Nothing that bounced waits to be paid again.")
        corrected = _corrected(since)
        ready = [line for line in lines if line.party in corrected]
        waiting = tuple(left_out(line, NOT_CORRECTED) for line in lines if line.party not in corrected)
        if not ready:
            return Made(None, 0, waiting)
        claims = [claim for line in ready for claim, _, _ in line.claims]
        _let_go(claims)
        made = write_batch(by, title, batch.paid_from, ready, from_suspense=True)
        if made.left_out:
            raise PaymentError("收款账户缺失，请先登记。", "An account is missing; state it first.")
    return made._replace(left_out=waiting)


def _waiting(batch: Batch) -> tuple[list[Paid], dict[Party, dt.datetime]]:
    """Lines that bounced and are not in another batch; and since when each party waits."""
    rows = rows_of(
        f"SELECT l.id, {PARTY_SQL}, c.id, c.reference, a.fen, w.id, "
        "(SELECT count(*) FROM payment_assignment b WHERE b.claim_id = c.id) "
        "FROM payment_paymentline l JOIN payment_answer w ON w.line_id = l.id AND w.outcome = 'bounced' "
        "JOIN payment_assignment a ON a.line_id = l.id AND a.live JOIN payment_claim c ON c.id = a.claim_id "
        "LEFT JOIN registry_person p ON p.id = l.person_id WHERE l.batch_id = %s ORDER BY l.id, c.id",
        [batch.pk],
    )
    moments = _moments(batch)
    lines: dict[int, Paid] = {}
    since: dict[Party, dt.datetime] = {}
    for line, party, claim, reference, fen, answer, attempts in rows:
        paid = lines.setdefault(line, Paid(party, replaces=line))
        paid.claims.append((claim, reference, fen))
        paid.attempt = max(paid.attempt, attempts + 1)
        since[party] = max(moments[answer], since.get(party, moments[answer]))
    return list(lines.values()), since


def _moments(batch: Batch) -> dict[int, dt.datetime]:
    bounced = Answer.objects.filter(line__batch=batch, outcome="bounced")
    return dict(bounced.values_list("pk", "at"))


def _corrected(since: dict[Party, dt.datetime]) -> set[Party]:
    """Those whose account was stated after their money came back."""
    by_moment: dict[dt.datetime, set[Party]] = defaultdict(set)
    for party, moment in since.items():
        by_moment[moment].add(party)
    return {party for moment, parties in by_moment.items() for party in stated_since(parties, moment)}


def _let_go(claims: Collection[int]) -> None:
    ids = list(claims)
    for start in range(0, len(ids), 500):
        Assignment.objects.filter(claim__in=ids[start : start + 500], live=True).update(live=False)
