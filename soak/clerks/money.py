"""Payments, in the rooms themselves: runs brought into the ledger, batches taken to the bank and back, recoveries.

Two of these clerks go on with the same batches, from wherever the database says that they are.
"""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soak.bank import Bank
from soak.city import PACKAGE
from soak.clerks.working import Clerk, in_domain

_FIRST, _LAST = dt.date(2024, 1, 1), dt.date(2026, 12, 1)


class Money(Clerk):
    def __init__(self, name: str, home: Path, address: str) -> None:
        super().__init__(name, home, address)
        self.bank = Bank(home)
        self._turns: list[Callable[[], bool]] = [self._admit, self._advance, self._make, self._recover]

    def turn(self) -> None:
        self.random.shuffle(self._turns)
        if not any(one() for one in self._turns):
            time.sleep(0.3)

    def finish(self) -> None:
        """Until nothing is on its way any more."""
        while self._admit() or self._advance() or self._make():
            pass

    def _admit(self) -> bool:
        from songhe.entitlement.models import Run
        from songhe.payment.domain.from_runs import admit_run, admitted
        from songhe.policy.load import load_package

        def look() -> Any:
            accepted = Run.objects.filter(state="accepted").order_by("pk")
            return next((run for run in accepted if not admitted(run)), None)

        if (run := self.look(lambda: in_domain(look))) is None:
            return False

        def work() -> Any:
            package = load_package(PACKAGE)
            return admit_run(by=self._user("county1"), run=run, package=package, funding=self.city.funding())

        def said(done: Any) -> dict[str, Any]:
            return {"run": run.pk, "new": done.new}

        return self.ask("admit run", f"{run.pk}", lambda: in_domain(work), said) is not None

    def _make(self) -> bool:
        """Of everything that is owed; a batch at a time, or the second would find nothing."""
        from songhe.payment.domain.making import make_batch
        from songhe.payment.models import Batch, Claim, Fund, PayingAccount

        def owed() -> list[str]:
            if Batch.objects.filter(state__in=("draft", "checked", "approved", "exported")).exists():
                return []
            free = Claim.objects.filter(fen__gt=0).exclude(assignments__live=True)
            return list(free.order_by("item").values_list("item", flat=True).distinct())

        if not (items := self.look(lambda: in_domain(owed))):
            return False

        def work() -> Any:
            return make_batch(
                by=self._user("county1"),
                title="每月发放",
                paid_from=PayingAccount.objects.get(pk=self.city.account),
                funds=list(Fund.objects.filter(pk__in=self.city.shares)),
                items=items,
                first_month=_FIRST,
                last_month=_LAST,
            )

        made = self.ask(
            "make batch", self.key(), lambda: in_domain(work), lambda made: {"batch": made.batch and made.batch.pk}
        )
        return made is not None and made.batch is not None

    def _advance(self) -> bool:
        from songhe.payment.models import Batch

        open_ones = Batch.objects.exclude(state__in=("closed", "cancelled")).order_by("pk")
        batches = self.look(lambda: in_domain(lambda: list(open_ones)))
        if not batches:
            return False
        batch = self.random.choice(batches)
        step = {
            "draft": self._check,
            "checked": self._approve,
            "approved": self._export,
            "exported": self._send,
            "sent": self._answer,
            "answered": self._reconcile,
            "reconciled": self._reissue_or_close,
        }[batch.state]
        return step(batch)

    def _do(self, operation: str, batch: Any, work: Callable[[], Any]) -> bool:
        said = {"batch": batch.pk}
        done = self.ask(operation, f"{batch.pk}", lambda: in_domain(lambda: work() or True), lambda _: said)
        return done is not None

    def _check(self, batch: Any) -> bool:
        from songhe.payment.domain.approval import cancel_batch, check_batch

        if self.random.random() < 0.1 and time.time() < self.until:
            by = self._user("county1")
            return self._do("cancel batch", batch, lambda: cancel_batch(by=by, batch=batch, reason="重新编制"))
        by, what = self._user("county2"), {"lines": batch.lines_number, "fen": batch.fen}
        return self._do("check batch", batch, lambda: check_batch(by=by, batch=batch, **what))

    def _approve(self, batch: Any) -> bool:
        """By the next who has not approved it yet."""
        from songhe.payment.domain.approval import approve_batch
        from songhe.payment.models import Approval

        def work() -> bool:
            given = Approval.objects.filter(batch=batch).values_list("user__username", flat=True)
            by = next(name for name in ("county3", "city1", "county4", "city2") if name not in set(given))
            return approve_batch(by=self._user(by), batch=batch)

        return self.ask("approve batch", self.key(), lambda: in_domain(work), lambda _: {"batch": batch.pk}) is not None

    def _export(self, batch: Any) -> bool:
        from songhe.payment.domain.exporting import export_batch

        def work() -> None:
            target = io.BytesIO()
            export_batch(by=self._user("county1"), batch=batch, form="bank-csv", target=target)
            self.bank.take(batch.message_id, target.getvalue())

        return self._do("export batch", batch, work)

    def _send(self, batch: Any) -> bool:
        """Exported once more: whoever exported it may have been killed before the bank had the file."""
        from songhe.payment.domain.sending import send_batch

        by = self._user("county1")
        return self._export(batch) and self._do("send batch", batch, lambda: send_batch(by=by, batch=batch))

    def _answer(self, batch: Any) -> bool:
        from songhe.payment.domain.answering import import_answers

        answers = self.bank.answers(batch.message_id)
        half = answers[: len(answers) // 2]
        by = self._user("county1")

        def work() -> None:
            for part in (half, answers):
                import_answers(by=by, batch=batch, digest=f"{len(part)}".rjust(64, "0"), answers=part)

        return self._do("answer batch", batch, work)

    def _reconcile(self, batch: Any) -> bool:
        from songhe.payment.domain.answering import PAID
        from songhe.payment.domain.reconciling import reconcile

        answers = self.bank.answers(batch.message_id)
        paid = sum(answer.fen for answer in answers if answer.outcome == PAID)
        returned = sum(answer.fen for answer in answers) - paid
        by, told = self._user("county2"), {"bank_paid": paid, "bank_returned": returned}
        return self._do("reconcile batch", batch, lambda: reconcile(by=by, batch=batch, **told))

    def _reissue_or_close(self, batch: Any) -> bool:
        from songhe.payment.domain.reconciling import close_batch
        from songhe.payment.domain.reissuing import reissue
        from songhe.payment.models import PaymentLine

        def waiting() -> list[Any]:
            found = PaymentLine.objects.filter(batch=batch, answers__outcome="bounced", assignments__live=True)
            return list(found.select_related("person").distinct())

        lines = self.look(lambda: in_domain(waiting))
        if lines is None:
            return False
        by = self._user("county1")
        if not lines:
            checker = self._user("county2")
            return self._do("close batch", batch, lambda: close_batch(by=checker, batch=batch))
        for line in lines:
            self._correct(line.person)
        return self._do("reissue batch", batch, lambda: reissue(by=by, batch=batch, title="重发"))

    def _correct(self, person: Any) -> None:
        """Another account, which the bank knows, stated anew each time."""
        from songhe.registry.domain.facts import record_facts
        from songhe.registry.domain.statements import Statement
        from songhe.registry.domain.writing import Author

        author = Author(user=None, source="person")
        said = [Statement("bank_account", f"6217{time.time_ns() % 10**12:012d}")]
        in_domain_or_wait(lambda: record_facts(by=author, person=person, statements=said))

    def _recover(self) -> bool:
        """A plan for what is to be taken back; some of it is given back at the counter, under a receipt."""
        from songhe.payment.domain.recoveries import outstanding, repay, state_plan
        from songhe.payment.models import Claim, Entry

        def look() -> Any:
            found = list(Claim.objects.filter(fen__lt=0, plans=None).order_by("pk")[:10])
            return self.random.choice(found) if found else None

        if (claim := self.look(lambda: in_domain(look))) is None:
            return False
        by = self._user("county1")
        if self.random.random() < 0.3:
            receipt = self.key()

            def give_back() -> bool:
                if not Entry.objects.filter(reference=receipt).exists():
                    repay(by=by, claim=claim, fen=min(100, outstanding(claim)), document=receipt)
                return True

            self.ask("repay", receipt, lambda: in_domain(give_back), lambda _: {"claim": claim.pk})
        planned = self.ask(
            "plan recovery",
            f"{claim.pk}",
            lambda: in_domain(lambda: state_plan(by=by, claim=claim, per_month=5_000, reason="分期抵扣")),
            lambda _: {"claim": claim.pk},
        )
        return planned is not None

    def _user(self, name: str) -> Any:
        from songhe.accounts.models import User

        return in_domain_or_wait(lambda: User.objects.get(username=name))


def in_domain_or_wait(work: Callable[[], Any]) -> Any:
    """What must be there to go on at all."""
    from soak.clerks.working import NoAnswer

    while True:
        try:
            return in_domain(work)
        except NoAnswer:
            time.sleep(0.5)
