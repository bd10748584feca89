"""Money of a county, for tests that only need something to be there."""

from __future__ import annotations

import datetime as dt
import uuid
from fractions import Fraction
from functools import cached_property
from typing import Any

from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.entitlement.models import Line, Run
from songhe.payment.domain.accounts import open_paying_account
from songhe.payment.domain.claims import Owed, admit
from songhe.payment.domain.funding import state_funding
from songhe.payment.domain.funds import open_fund
from songhe.payment.domain.making import make_batch
from songhe.payment.domain.payees import approve_payee, state_payee
from songhe.payment.models import AnswerFile, Claim, Discrepancy, Fund
from songhe.registry.models import Person, Transaction
from tests.accounts.builders import holder

JULY = dt.date(2024, 7, 1)


class Money:
    """Each thing is made when it is first asked for; whatever has a name has this one."""

    def __init__(self, county: Division, person: Person, name: str) -> None:
        self.county, self.person, self.name, self.package = county, person, name, "x"

    @cached_property
    def cashier(self) -> Any:
        return holder(Role.COUNTY_BUREAU, self.county, "cashier-elsewhere")

    @cached_property
    def fund(self) -> Any:
        kind, level = Fund.Kind.FISCAL, Fund.Level.COUNTY
        return open_fund(by=self.cashier, kind=kind, level=level, division=self.county, year=2024)

    @cached_property
    def funding(self) -> Any:
        shares = {self.fund.pk: Fraction(1)}
        return state_funding(
            by=self.cashier, division=self.county, item="X-1", year=2024, shares=shares, document=self.name
        )

    def _claim(self, fen: int) -> Claim:
        owed = Owed(f"{self.name}-{fen}", self.person.pk, self.fund.pk, "X-1", JULY, fen, "X", "3f" * 32)
        admit(by=self.cashier, reference=self.name, owed=[owed])
        return Claim.objects.get(reference=owed.reference)

    @cached_property
    def recovery(self) -> Claim:
        return self._claim(-50)

    @cached_property
    def entry_id(self) -> int:
        return self.recovery.entry_id

    @cached_property
    def payee(self) -> Any:
        return state_payee(
            by=self.cashier,
            person=self.person,
            name=self.name,
            relation="儿子",
            reason="卧床",
            account="6228480011112222",
            valid_from=JULY,
        )

    @cached_property
    def batch(self) -> Any:
        """Pays the payee, whom another approved."""
        approve_payee(by=holder(Role.COUNTY_BUREAU, self.county, "checker-elsewhere"), payee=self.payee)
        self._claim(100)
        account = open_paying_account(
            by=self.cashier, division=self.county, name=self.name, bank="1038", account="180001010400001"
        )
        months = {"first_month": JULY, "last_month": JULY}
        return make_batch(
            by=self.cashier, title=self.name, paid_from=account, funds=[self.fund], items=["X-1"], **months
        ).batch

    @cached_property
    def line(self) -> Any:
        return self.batch.lines.get()

    @cached_property
    def discrepancy(self) -> Any:
        file = AnswerFile.objects.create(batch=self.batch, digest="0" * 64, user=self.cashier)
        return Discrepancy.objects.create(batch=self.batch, file=file, kind="unknown", end_to_end=self.name)

    @cached_property
    def run(self) -> Any:
        """An accepted run of one line, without its files: enough to be listed."""
        known = Transaction.objects.order_by("-pk").first()
        words = {"package": self.package, "package_hash": "3f" * 32, "basis": "x", "folder": "x"}
        months = {"month": 202407, "accounts_from": 202407, "first": 202407}
        run = Run.objects.create(
            public_id=uuid.uuid4(), county=self.county, known_in=known, people=1, line_count=1, **words, **months
        )
        Run.objects.filter(pk=run.pk).update(state="accepted")
        Line.objects.create(
            run=run, county=self.county, person=self.person, item="X-1", month=202407, fen=100, kind="due",
            answer="entitled",
        )  # fmt: skip
        return run
