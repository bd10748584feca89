"""Bringing an accepted month of decisions into the ledger: each line becomes a claim on every fund that bears it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.entitlement.models import Line, Run, State
from songhe.payment.domain.claims import Admitted, Owed, admit
from songhe.payment.errors import PaymentError
from songhe.payment.shares import split
from songhe.policy.package import Package

# Item → id of Fund → the share it bears; the shares of an item come to exactly one.
Funding = Mapping[str, Mapping[int, Fraction]]


def admit_run(*, by: User, run: Run, package: Package, funding: Funding) -> Admitted:
    """The claims of an accepted run; again, and with the same funding, it changes nothing.

    `package` is the one that decided: it says the clause of each item. Raises OutOfScope, and PaymentError for a run
    that was not accepted, another package, or an item of which nobody said who bears it.
    """
    require_division(by, Action.PAYMENT_MAKE, run.county_id)
    now = Run.objects.get(pk=run.pk)
    if now.state != State.ACCEPTED:
        raise PaymentError("只能入账已采用的月度核定。", "Only an accepted run comes into the ledger.")
    if package.hash != now.package_hash:
        raise PaymentError("政策包与核定时不同。", "The package is not the one that decided.")
    items = set(Line.objects.filter(run=now).values_list("item", flat=True))
    if lacking := sorted(items - set(funding)):
        raise PaymentError(f"没有说明资金来源的项目：{'、'.join(lacking)}。", "Items without a fund.")
    return admit(by=by, reference=f"run {now.public_id}", owed=_owed(now, package, funding))


def _owed(run: Run, package: Package, funding: Funding) -> Iterator[Owed]:
    clauses = {item: package.entitlements[item.partition("#")[0]].clauses[0] for item in funding}
    lines = Line.objects.filter(run=run).order_by("pk").values_list("pk", "person_id", "item", "month", "fen")
    for line, person, item, month, fen in lines.iterator(chunk_size=10_000):
        first = dt.date(month // 100, month % 100, 1)
        for fund, part in split(fen, funding[item]).items():
            if part:
                reference = f"run {run.public_id}/{line}/{fund}"
                yield Owed(reference, person, fund, item, first, part, clauses[item], run.package_hash)
