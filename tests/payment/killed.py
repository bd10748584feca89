"""A process that is killed on its way through a batch, again and again, each time one step further; see test_killed.py.

Run by itself: `python -m tests.payment.killed FOLDER`, on the database that DATABASE_URL names. Every round owes four
people money for another month, forks a child that goes the whole way and is killed (SIGKILL) right after its n-th write
to the database or to the bank's file, and then goes on from what the database says. The rounds end with a child
that reached the end.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_WRITES = ("INSERT", "UPDATE", "DELETE")
_BAD = "99990000"
_PEOPLE, _FEN = 4, 10_000


class Clock:
    """Counts writes and kills its own process after the one that was chosen."""

    def __init__(self, last: int) -> None:
        self._left = last

    def tick(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(_WRITES):
            self.tick()
        return result


class BankFile(io.RawIOBase):
    """The file that goes to the bank; a piece written is a write like any other."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file, self._clock = path.open("wb"), clock

    def write(self, piece: Any) -> int:
        half = len(piece) // 2
        self._file.write(piece[:half])
        self._file.flush()
        self._clock.tick()
        self._file.write(piece[half:])
        self._file.flush()
        return len(piece)


class Bank:
    """Pays every transfer of a whole file once, whatever it is given twice; knows no account that begins with _BAD."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def transfers(self, message: str) -> list[tuple[str, str, int]]:
        """Number, account and fen; a file without its total is not whole, and is not taken."""
        from songhe.payment.files.order import parse_yuan

        rows = list(csv.reader(io.StringIO((self.folder / message).read_bytes().decode("gb18030"))))
        assert rows[-1][0] == "合计", "the file is not whole"
        return [(row[5], row[1], parse_yuan(row[3])) for row in rows[1:-1]]

    def answers(self, message: str) -> Iterator[Any]:
        from songhe.payment.domain.answering import BOUNCED, PAID, BankAnswer

        for end_to_end, account, fen in self.transfers(message):
            outcome = BOUNCED if account.startswith(_BAD) else PAID
            if outcome == PAID:
                (self.folder / f"paid-{end_to_end}").write_text(f"{account} {fen}")
            yield BankAnswer(end_to_end, outcome, fen)

    def paid(self) -> list[tuple[str, int]]:
        """Account and fen of every transfer ever paid."""
        texts = (path.read_text().split() for path in self.folder.glob("paid-*"))
        return [(account, int(fen)) for account, fen in texts]


class Clerk:
    """Goes on from wherever the database says the month's batches are."""

    def __init__(self, office: Any, bank: Bank, month: dt.date, clock: Clock) -> None:
        self.office, self.bank, self.month, self.clock = office, bank, month, clock

    def go_on(self) -> None:
        while self.step():
            self.clock.tick()

    def step(self) -> bool:
        from songhe.payment.models import Batch

        batches = list(Batch.objects.filter(title=str(self.month)).order_by("pk"))
        if not batches:
            return self._make()
        open_ones = [batch for batch in batches if batch.state != Batch.State.CLOSED]
        return self._advance(open_ones[-1]) if open_ones else False

    def _make(self) -> bool:
        from songhe.payment.domain.making import make_batch
        from tests.payment.conftest import ITEM

        what = {"funds": [self.office.fund], "items": [ITEM], "first_month": self.month, "last_month": self.month}
        return make_batch(by=self.office.maker, title=str(self.month), paid_from=self.office.account, **what).batch

    def _advance(self, batch: Any) -> bool:
        from songhe.payment.domain import approval, sending
        from songhe.payment.models import Batch

        office = self.office
        match batch.state:
            case Batch.State.DRAFT:
                approval.check_batch(by=office.checker, batch=batch, lines=batch.lines_number, fen=batch.fen)
            case Batch.State.CHECKED:
                approval.approve_batch(by=office.approver, batch=batch)
            case Batch.State.APPROVED:
                self._export(batch)
            case Batch.State.EXPORTED:
                # Whoever comes back does not know whether the file was whole: it is written again, with the same bytes.
                self._export(batch)
                sending.send_batch(by=office.maker, batch=batch)
            case Batch.State.SENT:
                self._answer(batch)
            case Batch.State.ANSWERED:
                self._reconcile(batch)
            case Batch.State.RECONCILED:
                self._reissue_or_close(batch)
        return True

    def _export(self, batch: Any) -> None:
        from songhe.payment.domain.exporting import export_batch

        target: Any = BankFile(self.bank.folder / batch.message_id, self.clock)
        export_batch(by=self.office.maker, batch=batch, form="bank-csv", target=target)

    def _answer(self, batch: Any) -> None:
        from songhe.payment.domain.answering import import_answers

        answers = list(self.bank.answers(batch.message_id))
        for part in (answers[:2], answers):
            digest = f"{len(part)}".rjust(64, "0")
            import_answers(by=self.office.maker, batch=batch, digest=digest, answers=part)

    def _reconcile(self, batch: Any) -> None:
        from songhe.payment.domain.answering import PAID
        from songhe.payment.domain.reconciling import reconcile

        told: Counter[str] = Counter()
        for answer in self.bank.answers(batch.message_id):
            told[answer.outcome] += answer.fen
        paid = told.pop(PAID, 0)
        reconcile(by=self.office.checker, batch=batch, bank_paid=paid, bank_returned=sum(told.values()))

    def _reissue_or_close(self, batch: Any) -> None:
        from songhe.payment.domain.reconciling import close_batch
        from songhe.payment.domain.reissuing import reissue
        from songhe.payment.errors import PaymentError

        for line in batch.lines.filter(answers__outcome="bounced", assignments__live=True):
            self.office.correct(line.person, good(line.person_id))
        try:
            reissue(by=self.office.maker, batch=batch, title=str(self.month))
        except PaymentError:
            close_batch(by=self.office.checker, batch=batch)


def good(person: int) -> str:
    return f"6228{person:012d}"


def killed_after(last: int, clerk: Callable[[Clock], Clerk]) -> bool:
    """Whether a child that is killed after that many writes was killed, and did not reach the end before."""
    from django.db import connection, connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        clock = Clock(last)
        with connection.execute_wrapper(clock):
            clerk(clock).go_on()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return os.WIFSIGNALED(status)


def owe(office: Any, people: list[Any], month: dt.date) -> None:
    """Everybody is owed the month, and the first has an account that the bank does not know."""
    from songhe.payment.domain.claims import admit

    office.correct(people[0], f"{_BAD}{month:%Y%m%d}")
    admit(by=office.maker, reference=str(month), owed=[office.owed(one, _FEN, month) for one in people])


def check(people: list[Any], bank: Bank, rounds: int) -> None:
    """Everybody was paid every month once, in the ledger and at the bank."""
    from songhe.payment.verify import faults

    assert list(faults()) == []
    paid = bank.paid()
    assert Counter(fen for _, fen in paid) == Counter({_FEN: rounds * _PEOPLE})
    assert Counter(account for account, _ in paid) == Counter({good(one.pk): rounds for one in people})


def main(folder: Path, step: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    from tests.payment.conftest import build_office

    with transaction.atomic():
        office = build_office()
        people = [office.person() for _ in range(_PEOPLE)]
        for one in people:
            office.correct(one, good(one.pk))
        office.fill(10**12)
    bank, rounds, killed = Bank(folder), 0, True
    while killed:
        month = dt.date(2024 + rounds // 12, rounds % 12 + 1, 1)
        owe(office, people, month)
        killed = killed_after(1 + rounds * step, lambda clock, month=month: Clerk(office, bank, month, clock))
        Clerk(office, bank, month, Clock(0)).go_on()
        rounds += 1
        check(people, bank, rounds)
    print(json.dumps({"rounds": rounds}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songhe.web.settings")
    main(Path(sys.argv[1]), int(sys.argv[2]))
