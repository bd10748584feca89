"""`python -m bench.payment`: a batch of 100,000 lines from making to closing, on the database of DATABASE_URL.

`scripts/with-postgres sh -c 'DATABASE_URL=$SONGHE_POSTGRES_URL python -m bench.payment'` brings a server of its own.
Everything is committed as in real work; people, accounts and decisions are made up before the clock runs.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.machine import describe
from bench.measure import measured, peak_mib

LINES, BOUNCED_EVERY, FEN = 100_000, 100, 10_000
RESULT = Path(__file__).resolve().parent / "results" / "payment.json"
# Seconds for making, checking, approving, exporting, sending, answering and reconciling; the requirement's bar.
BAR = 60
MONTH = dt.date(2026, 6, 1)
BESIDE = ("admit", "export xlsx", "verify")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.payment")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--without-xlsx", action="store_true", help="leave the workbook out")
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "songhe.web.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    office = Office(arguments.lines)
    steps: dict[str, dict[str, float]] = {}
    for name, step in office.steps(arguments.without_xlsx):
        _, steps[name] = measured(step)
        print(f"{name:>12} {steps[name]['wall_s']:7.2f} s, {steps[name]['cpu_s']:6.2f} s CPU here", flush=True)
    total = sum(one["wall_s"] for name, one in steps.items() if name not in BESIDE)
    result = {"machine": describe(), "engine": connection.vendor, "lines": arguments.lines, "steps": steps}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result | {"total_s": total, "peak_mib": peak_mib()}, indent=1) + "\n", "utf-8")
    print(f"{arguments.lines:,} lines: {total:.1f} s, bar {BAR} s, peak {peak_mib():.0f} MiB on {connection.vendor}")
    return 0 if total < BAR else 1


class Office:
    """A county that pays as many people as there are lines."""

    def __init__(self, lines: int) -> None:
        from songhe.accounts.models import Role
        from songhe.divisions.domain.load import Row, load_divisions
        from songhe.divisions.models import Division
        from songhe.divisions.queries import resolve
        from songhe.payment.domain.accounts import open_paying_account
        from songhe.payment.domain.funds import appropriate, open_fund
        from songhe.payment.models import Fund

        rows = [Row("990100", "松鹤市"), Row("990101", "东县", "990100"), Row("990101001", "甲镇", "990101")]
        load_divisions(rows=rows, on=dt.date(2000, 1, 1))
        self.county = Division.objects.get(pk=resolve("990101"))
        city = Division.objects.get(pk=resolve("990100"))
        self.maker, self.checker, self.approver = (_user(name, Role.COUNTY_BUREAU, self.county) for name in "mca")
        self.bureau = _user("b", Role.CITY_BUREAU, city)
        self.people = _register(lines)
        kind, level = Fund.Kind.FISCAL, Fund.Level.COUNTY
        self.fund = open_fund(by=self.maker, kind=kind, level=level, division=self.county, year=2026)
        appropriate(by=self.maker, fund=self.fund, fen=10**14, document="bench")
        bank, account = "103871234567", "1800010104000001"
        self.account = open_paying_account(
            by=self.bureau, division=self.county, name="民政局", bank=bank, account=account
        )

    def steps(self, without_xlsx: bool) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "admit", self.admit
        yield "make", self.make
        yield "check", self.check
        yield "approve", self.approve
        yield "export csv", lambda: self.export("bank-csv")
        yield "export pain", lambda: self.export("pain.001")
        if not without_xlsx:
            yield "export xlsx", lambda: self.export("bank-xlsx")
        yield "send", self.send
        yield "answer", self.answer
        yield "reconcile", self.reconcile
        yield "verify", self.verify

    def admit(self) -> None:
        from songhe.payment.domain.claims import Owed, admit

        ground = ("SZ-T1-3#subsidy", MONTH, FEN, "SZ-T1-3", "3f" * 32)
        owed = (Owed(f"bench-{person}", person, self.fund.pk, *ground) for person in self.people)
        admit(by=self.maker, reference="bench", owed=owed)

    def make(self) -> None:
        from songhe.payment.domain.making import make_batch

        months = {"first_month": MONTH, "last_month": MONTH}
        items = ["SZ-T1-3#subsidy"]
        made = make_batch(
            by=self.maker, title="bench", paid_from=self.account, funds=[self.fund], items=items, **months
        )
        assert made.batch is not None
        self.batch = made.batch
        assert self.batch.lines_number == len(self.people)

    def check(self) -> None:
        from songhe.payment.domain.approval import check_batch

        check_batch(by=self.checker, batch=self.batch, lines=len(self.people), fen=FEN * len(self.people))

    def approve(self) -> None:
        from songhe.payment.domain.approval import approve_batch

        approve_batch(by=self.approver, batch=self.batch) or approve_batch(by=self.bureau, batch=self.batch)

    def export(self, form: str) -> None:
        from songhe.payment.domain.exporting import export_batch

        target = io.BytesIO()
        export_batch(by=self.maker, batch=self.batch, form=form, target=target)
        if form == "bank-csv":
            self.file = target.getvalue()

    def send(self) -> None:
        from songhe.payment.domain.sending import send_batch

        send_batch(by=self.maker, batch=self.batch)

    def answer(self) -> None:
        """The bank's file is read and imported; every hundredth line comes back."""
        from songhe.payment.domain.answering import import_answers
        from songhe.payment.files.answers import read_table
        from songhe.payment.files.formats import answer_format

        read = read_table(_answers(self.file), answer_format("answer-csv"))
        import_answers(by=self.maker, batch=self.batch, digest=read.digest, answers=read.answers)

    def reconcile(self) -> None:
        from songhe.payment.domain.reconciling import close_batch, reconcile

        returned = FEN * len(range(0, len(self.people), BOUNCED_EVERY))
        paid = FEN * len(self.people) - returned
        reconcile(by=self.checker, batch=self.batch, bank_paid=paid, bank_returned=returned)
        close_batch(by=self.checker, batch=self.batch)

    def verify(self) -> None:
        from songhe.payment.verify import faults

        assert list(faults()) == []


def _user(name: str, role: Any, division: Any) -> Any:
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.domain.users import create_user

    user = create_user(username=f"bench-{name}", display_name=name, password="pine-crane-1492", division=division)
    grant(user=user, role=role, division=division, by=None)
    return user


def _register(lines: int) -> list[int]:
    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author

    def file(number: int) -> File:
        account = Statement("bank_account", f"6228{number:012d}")
        return File(None, [Statement("name", f"王{number % 5000}"), Statement("residence", "990101001"), account])

    recorded = record_many(by=Author(user=None, source="person"), files=map(file, range(lines)))
    return list(recorded.people)


def _answers(file: bytes) -> bytes:
    rows = list(csv.DictReader(io.StringIO(file.decode("gb18030"), newline="")))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["流水号", "结果", "金额", "代码", "原因"])
    for number, row in enumerate(rows[:-1]):
        why = (
            ("退汇", row["金额"], "AC01", "账号不符") if number % BOUNCED_EVERY == 0 else ("成功", row["金额"], "", "")
        )
        writer.writerow([row["流水号"], *why])
    return text.getvalue().encode("gb18030")


if __name__ == "__main__":
    sys.exit(main())
