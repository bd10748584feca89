"""What the bank answered (回单): line by line, each taken once, and what does not fit kept aside and shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require
from songhe.common import clock
from songhe.payment.domain.approval import go, in_state, tell
from songhe.payment.domain.posting import Chart, Kind, Line, post, writing
from songhe.payment.domain.sending import voucher
from songhe.payment.errors import PaymentError
from songhe.payment.models import Answer, AnswerFile, Batch, Discrepancy, Entry, PaymentLine
from songhe.payment.storing import rows_of
from songhe.registry.sets import add_rows

S = Batch.State
PAID, BOUNCED = Answer.Outcome.PAID.value, Answer.Outcome.BOUNCED.value
_ANSWER = ("line_id", "outcome", "code", "reason", "file_id", "at")


class BankAnswer(NamedTuple):
    """One row of an answer file: `outcome` is PAID or BOUNCED, `fen` None when the bank does not repeat the sum.

    `row` is where it stands in the file, for whoever has to look there.
    """

    end_to_end: str
    outcome: str
    fen: int | None = None
    code: str = ""
    reason: str = ""
    row: int | None = None


class Imported(NamedTuple):
    """How many lines were newly answered, how many answers were known already, how many rows did not fit."""

    paid: int
    bounced: int
    known: int
    discrepancies: int


class Misfit(NamedTuple):
    """A row that does not fit: why, the row itself, and our fen for the line where there is one."""

    kind: Discrepancy.Kind
    answer: BankAnswer
    ours: int | None


class Foreseen(NamedTuple):
    """What taking in a file would do: newly paid and bounced lines, those known, and what does not fit."""

    paid: int
    paid_fen: int
    bounced: list[BankAnswer]
    bounced_fen: int
    known: int
    misfits: list[Misfit]
    was_taken: bool


@dataclass
class _Sorted:
    """Answers by what they mean: `early` bounced before they were paid, `late` after."""

    paid: dict[int, BankAnswer] = field(default_factory=dict)
    early: dict[int, BankAnswer] = field(default_factory=dict)
    late: dict[int, BankAnswer] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)
    known: int = 0


def import_answers(*, by: User, batch: Batch, digest: str, answers: Iterable[BankAnswer]) -> Imported:
    """Take the answers of a file, known by the SHA-256 of its content; the same file again changes nothing.

    A line that was paid can bounce later, also when the batch is closed. Raises OutOfScope, and PaymentError for a
    batch that was never sent.
    """
    require(by, Action.PAYMENT_MAKE, batch)
    with writing():
        now = in_state(batch, S.SENT, S.ANSWERED, S.RECONCILED, S.CLOSED)
        if AnswerFile.objects.filter(batch=now, digest=digest).exists():
            return Imported(0, 0, len(list(answers)), 0)
        sorted_ = _sort(now, answers)
        _write(now, AnswerFile.objects.create(batch=now, digest=digest, user=by), sorted_)
        _post(by, now, sorted_)
        if now.state == S.SENT and not unanswered(now):
            go(now, S.ANSWERED)
        bounced = len(sorted_.early) + len(sorted_.late)
        counted = Imported(len(sorted_.paid), bounced, sorted_.known, len(sorted_.misfits))
        tell(by, "batch.answered", now, {**counted._asdict(), "digest": digest})
    return counted


def foresee(*, by: User, batch: Batch, digest: str, answers: Iterable[BankAnswer]) -> Foreseen:
    """What `import_answers` would do, without doing it. Raises as it would."""
    require(by, Action.PAYMENT_MAKE, batch)
    now = in_state(batch, S.SENT, S.ANSWERED, S.RECONCILED, S.CLOSED)
    was_taken = AnswerFile.objects.filter(batch=now, digest=digest).exists()
    sorted_ = _sort(now, answers)
    fen = dict(PaymentLine.objects.filter(batch=now).values_list("pk", "fen"))
    back = sorted_.early | sorted_.late
    return Foreseen(
        paid=len(sorted_.paid),
        paid_fen=sum(fen[line] for line in sorted_.paid),
        bounced=list(back.values()),
        bounced_fen=sum(fen[line] for line in back),
        known=sorted_.known,
        misfits=sorted_.misfits,
        was_taken=was_taken,
    )


def unanswered(batch: Batch) -> int:
    """How many lines the bank has said nothing about."""
    said = Answer.objects.filter(line=OuterRef("pk"))
    return PaymentLine.objects.filter(batch=batch).filter(~Exists(said)).count()


def _sort(batch: Batch, answers: Iterable[BankAnswer]) -> _Sorted:
    lines = {
        end_to_end: (line, fen)
        for line, end_to_end, fen in PaymentLine.objects.filter(batch=batch).values_list("pk", "end_to_end", "fen")
    }
    said: dict[int, set[str]] = defaultdict(set)
    for line, outcome in Answer.objects.filter(line__batch=batch).values_list("line_id", "outcome"):
        said[line].add(outcome)
    sorted_ = _Sorted()
    for answer in answers:
        _place(answer, lines, said, sorted_)
    return sorted_


def _place(
    answer: BankAnswer, lines: Mapping[str, tuple[int, int]], said: Mapping[int, set[str]], into: _Sorted
) -> None:
    if answer.outcome not in (PAID, BOUNCED):
        raise PaymentError("回单结果须为成功或退汇。", "An answer says paid or bounced.")
    line, fen = lines.get(answer.end_to_end, (None, None))
    if line is None:
        into.misfits.append(Misfit(Discrepancy.Kind.UNKNOWN, answer, None))
    elif answer.fen is not None and answer.fen != fen:
        into.misfits.append(Misfit(Discrepancy.Kind.AMOUNT, answer, fen))
    elif answer.outcome in said[line]:
        into.known += 1
    elif answer.outcome == PAID and BOUNCED in said[line]:
        into.misfits.append(Misfit(Discrepancy.Kind.CONTRADICTION, answer, fen))
    else:
        late = answer.outcome == BOUNCED and PAID in said[line]
        place = into.late if late else into.early if answer.outcome == BOUNCED else into.paid
        place[line] = answer
        said[line].add(answer.outcome)


def _write(batch: Batch, file: AnswerFile, sorted_: _Sorted) -> None:
    now = clock.now()
    add_rows(
        Answer,
        _ANSWER,
        [
            (line, answer.outcome, answer.code[:35], answer.reason[:200], file.pk, now)
            for part in (sorted_.paid, sorted_.early, sorted_.late)
            for line, answer in part.items()
        ],
    )
    Discrepancy.objects.bulk_create(
        Discrepancy(batch=batch, file=file, kind=kind, end_to_end=answer.end_to_end[:35], ours=ours, banks=answer.fen)
        for kind, answer, ours in sorted_.misfits
    )


def _post(by: User, batch: Batch, sorted_: _Sorted) -> None:
    """Paid: out of the fund. Bounced: in suspense, from the way or, when it had been paid, from the fund again."""
    chart, lines = Chart(), []
    paid, early, late = Counter[int](), Counter[int](), Counter[int]()
    held = rows_of(
        "SELECT a.line_id, a.claim_id, c.fund_id, a.fen FROM payment_assignment a "
        "JOIN payment_paymentline l ON l.id = a.line_id JOIN payment_claim c ON c.id = a.claim_id "
        "WHERE l.batch_id = %s AND a.live ORDER BY a.id",
        [batch.pk],
    )
    for line, claim, fund, fen in held:
        paid[fund] += fen if line in sorted_.paid else 0
        if line in sorted_.early or line in sorted_.late:
            (late if line in sorted_.late else early)[fund] += fen
            lines.append(Line(chart.of(fund, Kind.SUSPENSE), -fen, claim))
    for fund in sorted({*paid, *early, *late}):
        lines.append(Line(chart.of(fund, Kind.CLEARING), paid[fund] + early[fund]))
        lines.append(Line(chart.of(fund, Kind.FUND), late[fund] - paid[fund]))
    if any(line.fen for line in lines):
        post(voucher(Entry.Kind.ANSWERED, by, batch), lines)
