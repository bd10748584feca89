"""An office that pays, the people who work in it, and the people it pays."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

# Keys of these tests alone, unless the environment brings its own.
if not {"SONGHE_KEYS", "SONGHE_KEYS_FILE"} & set(os.environ):
    _secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    os.environ["SONGHE_KEYS"] = f"test:aes-256-gcm:{_secret} test-search:hmac-sha256:{_secret}"

JULY, AUGUST = dt.date(2024, 7, 1), dt.date(2024, 8, 1)
ITEM = "SZ-T1-3#subsidy"


@dataclass
class Office:
    """A county's office: who makes, checks and approves, its funds, and a way to owe somebody money."""

    city: Any
    division: Any
    maker: Any
    checker: Any
    approver: Any
    second: Any
    bureau: Any
    stranger: Any
    fund: Any
    lottery: Any
    account: Any
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def person(self, account: str | None = "", name: str = "") -> Any:
        """Somebody of the county; without an account when it is None."""
        from songhe.registry.domain.facts import register_person
        from songhe.registry.domain.statements import Statement
        from songhe.registry.domain.writing import Author

        number = next(self._numbers)
        said = [Statement("name", name or f"王{number}"), Statement("residence", "990101001001")]
        if account is not None:
            said.append(Statement("bank_account", account or f"62284800{number:08d}"))
        return register_person(by=Author(user=None, source="person"), statements=said)

    def owed(self, person: Any, fen: int, month: dt.date = JULY, **more: Any) -> Any:
        """What a decision would bring."""
        from songhe.payment.domain.claims import Owed

        values = {
            "reference": f"decision-{next(self._numbers)}",
            "fund": self.fund.pk,
            "item": ITEM,
            "clause": "SZ-T1-3",
            "package": "3f" * 32,
        }
        return Owed(**{**values, **more}, person=person.pk, month=month, fen=fen)

    def owe(self, person: Any, fen: int, month: dt.date = JULY, **more: Any) -> Any:
        """A claim that is admitted."""
        from songhe.payment.domain.claims import admit
        from songhe.payment.models import Claim

        one = self.owed(person, fen, month, **more)
        admit(by=self.maker, reference="run-1", owed=[one])
        return Claim.objects.get(reference=one.reference)

    def fill(self, fen: int, fund: Any = None) -> None:
        """Money comes into a fund."""
        from songhe.payment.domain.funds import appropriate

        appropriate(by=self.maker, fund=fund or self.fund, fen=fen, document="财预〔2024〕1号")

    def batch(self, *, month: dt.date = JULY, **more: Any) -> Any:
        """What `make_batch` makes of all that is owed for ITEM up to a month."""
        from songhe.payment.domain.making import make_batch

        values = {
            "by": self.maker,
            "title": "高龄津贴",
            "paid_from": self.account,
            "funds": [self.fund, self.lottery],
            "items": [ITEM],
            "first_month": JULY,
            "last_month": month,
        }
        return make_batch(**{**values, **more})

    def approved(self, batch: Any) -> Any:
        """The batch, checked and approved by as many as it needs."""
        from songhe.payment.domain.approval import approve_batch, check_batch

        check_batch(by=self.checker, batch=batch, lines=batch.lines_number, fen=batch.fen)
        for user in (self.approver, self.bureau, self.second):
            if approve_batch(by=user, batch=batch):
                break
        batch.refresh_from_db()
        return batch

    def sent(self, batch: Any) -> Any:
        """The batch, approved, exported and given to the bank."""
        from songhe.payment.domain.exporting import export_batch
        from songhe.payment.domain.sending import send_batch

        self.approved(batch)
        export_batch(by=self.maker, batch=batch, form="bank-csv", target=io.BytesIO())
        send_batch(by=self.maker, batch=batch)
        batch.refresh_from_db()
        return batch

    def answered(self, batch: Any, bounced: Any = (), name: str = "1") -> Any:
        """The bank says of every line that it was paid, except of these lines."""
        from songhe.payment.domain.answering import BOUNCED, PAID, BankAnswer, import_answers

        back = {line.pk for line in bounced}
        answers = [
            BankAnswer(line.end_to_end, BOUNCED if line.pk in back else PAID, line.fen) for line in batch.lines.all()
        ]
        said = import_answers(by=self.maker, batch=batch, digest=name * 64, answers=answers)
        batch.refresh_from_db()
        return said

    def correct(self, person: Any, account: str = "6228480077770000") -> None:
        """The person states another account."""
        from songhe.registry.domain.facts import record_facts
        from songhe.registry.domain.statements import Statement
        from songhe.registry.domain.writing import Author

        author = Author(user=None, source="person")
        record_facts(by=author, person=person, statements=[Statement("bank_account", account)])


@pytest.fixture
def office(db: None) -> Office:
    return build_office()


def build_office() -> Office:
    from songhe.accounts.models import Role
    from songhe.payment.domain.accounts import open_paying_account
    from songhe.payment.domain.funds import open_fund
    from songhe.payment.models import Fund
    from tests.accounts.builders import holder
    from tests.divisions.builders import small_city

    city = small_city()
    county = city.counties[0]
    users = {name: holder(Role.COUNTY_BUREAU, county, name) for name in ("maker", "checker", "approver", "second")}
    bureau = holder(Role.CITY_BUREAU, city.city, "bureau")
    stranger = holder(Role.COUNTY_BUREAU, city.counties[1], "stranger")

    def fund(kind: str) -> Fund:
        return open_fund(by=users["maker"], kind=Fund.Kind(kind), level=Fund.Level.COUNTY, division=county, year=2024)

    funds = {"fund": fund("fiscal"), "lottery": fund("welfare_lottery")}
    account = open_paying_account(
        by=bureau, division=county, name="东县民政局", bank="103871234567", account="1800010104000001"
    )
    return Office(city=city, division=county, bureau=bureau, stranger=stranger, account=account, **users, **funds)


@pytest.fixture
def whole() -> Callable[[], None]:
    """`whole()`: the ledger holds to the last fen."""
    from songhe.payment.verify import faults

    def check() -> None:
        assert list(faults()) == []

    return check
