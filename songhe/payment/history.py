"""What became of everything decided about a person: owed, set off, in which batch, paid or come back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from songhe.payment.models import Account, Answer, Assignment, Claim, Posting, RecoveryPlan, SetOff


@dataclass(frozen=True)
class Sending:
    """One line by which a claim was to be paid; `paid_on` and `back_on` are when the bank said so."""

    batch: int
    state: str
    fen: int
    paid_on: dt.datetime | None
    back_on: dt.datetime | None
    why_back: str


@dataclass(frozen=True)
class Told:
    """A claim and what became of it, in fen: set off, paid, on its way, come back and waiting, and still open.

    Of a recovery `open` is what is still receivable, and `settled` what was set off, repaid or waived.
    """

    claim: Claim
    sendings: Sequence[Sending]
    set_off: int
    paid: int
    on_the_way: int
    waiting: int
    open: int
    settled: int
    plan: RecoveryPlan | None

    @property
    def is_recovery(self) -> bool:
        return self.claim.fen < 0


def told_of(claims: QuerySet[Claim]) -> list[Told]:
    """With as many queries for one claim as for many."""
    shown = list(claims.select_related("fund"))
    ids = [claim.pk for claim in shown]
    sendings, kept, receivable = _sendings(ids), _kept(ids), _receivable(ids)
    plans = {plan.claim_id: plan for plan in RecoveryPlan.objects.filter(claim__in=ids, ended_by=None)}
    return [
        _told(one, sendings[one.pk], kept.get(one.pk, 0), receivable.get(one.pk, 0), plans.get(one.pk)) for one in shown
    ]


def _told(claim: Claim, sent: Sequence[Sending], set_off: int, left: int, plan: RecoveryPlan | None) -> Told:
    if claim.fen < 0:
        return Told(claim, sent, 0, 0, 0, 0, left, -claim.fen - left, plan)
    paid = sum(one.fen for one in sent if one.paid_on and not one.back_on)
    out = {"sent", "answered", "reconciled", "closed"}
    on_the_way = sum(one.fen for one in sent if one.state in out and not one.paid_on and not one.back_on)
    left = claim.fen - set_off - paid - on_the_way
    # In a new batch or in none yet: until that was sent, the money that came back waits.
    waiting = left if any(one.back_on for one in sent) else 0
    return Told(claim, sent, set_off, paid, on_the_way, waiting, left, 0, plan)


def _sendings(claims: Collection[int]) -> dict[int, list[Sending]]:
    """By claim, the oldest first; a line that holds its claims again after a cancelled one is told once."""
    rows = Assignment.objects.filter(claim__in=claims).select_related("line__batch").order_by("pk")
    held = list(rows)
    answers = _answers({one.line_id for one in held})
    lines: dict[tuple[int, int], Assignment] = {}
    for one in held:
        lines[one.claim_id, one.line_id] = one
    found: dict[int, list[Sending]] = defaultdict(list)
    for (claim, line), one in lines.items():
        paid, back = answers[line].get("paid"), answers[line].get("bounced")
        found[claim].append(
            Sending(
                batch=one.line.batch_id,
                state=one.line.batch.state,
                fen=one.fen,
                paid_on=paid and paid.at,
                back_on=back and back.at,
                why_back=back.reason if back else "",
            )
        )
    return found


def _answers(lines: Iterable[int]) -> dict[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    for answer in Answer.objects.filter(line__in=lines):
        found[answer.line_id][answer.outcome] = answer
    return found


def _kept(claims: Collection[int]) -> dict[int, int]:
    sums = SetOff.objects.filter(due__in=claims).values_list("due").annotate(fen=Sum("fen")).order_by()
    return {claim: int(fen) for claim, fen in sums}


def _receivable(claims: Collection[int]) -> dict[int, int]:
    on_them = Posting.objects.filter(claim__in=claims, account__kind=Account.Kind.RECOVERY)
    return {claim: int(fen) for claim, fen in on_them.values_list("claim").annotate(fen=Sum("fen")).order_by()}
