"""Bringing an accepted month of decisions into the ledger: each line becomes a claim on every fund that bears it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.entitlement.models import Line, Run, State
from songhe.payment.domain.claims import Admitted, Owed, admit
from songhe.payment.domain.posting import writing
from songhe.payment.domain.settling import carry_plans
from songhe.payment.errors import PaymentError
from songhe.payment.funding import funding_for
from songhe.payment.models import Claim, Entry
from songhe.payment.shares import split
from songhe.policy.package import Package

# Item → id of Fund → the share it bears; the shares of an item come to exactly one.
Funding = Mapping[str, Mapping[int, Fraction]]


def admit_run(*, by: User, run: Run, package: Package, funding: Funding | None = None) -> Admitted:
    """The claims of an accepted run, and the plans of its recoveries; again, it changes nothing.

    `package` is the one that decided: it says the clause of each item. Without `funding` the county's own statements
    of who bears what hold, those of the year of the run's month. Raises OutOfScope, and PaymentError for a run that
    was not accepted, another package, an item of which nobody said who bears it, or another funding than before.
    """
    require_division(by, Action.PAYMENT_MAKE, run.county_id)
    now = Run.objects.get(pk=run.pk)
    if now.state != State.ACCEPTED:
        raise PaymentError("只能入账已采用的月度核定。", "Only an accepted run comes into the ledger.")
    if package.hash != now.package_hash:
        raise PaymentError("政策包与核定时不同。", "The package is not the one that decided.")
    with writing():
        known = admitted(now)
        if known and funding is None:
            return Admitted(0, Claim.objects.filter(entry__reference=_name(now)).count(), None)
        made = admit(by=by, reference=_name(now), owed=_owed(now, package, borne(now, funding)))
        if known and made.new:
            raise PaymentError("此次核定已按另一资金来源入账。", "The run was admitted on other funds before.")
        if made.new:
            carry_plans(now)
    return made


def borne(run: Run, funding: Funding | None = None) -> Funding:
    """Who bears the items of a run's lines. Raises PaymentError naming those of which nobody said it."""
    items = set(Line.objects.filter(run=run).values_list("item", flat=True))
    if funding is None:
        funding = funding_for(run.county_id, run.month // 100, items)
    if lacking := sorted(items - set(funding)):
        raise PaymentError(
            f"没有说明资金来源的项目：{'、'.join(lacking)}。请先登记并复核资金来源。",
            f"Items without a fund: {', '.join(lacking)}. State who bears them, and have it confirmed.",
        )
    return funding


def admitted(run: Run) -> bool:
    """Whether the claims of a run are in the ledger."""
    return Entry.objects.filter(reference=_name(run), kind=Entry.Kind.DUE).exists()


def entries_of(runs: Iterable[Run]) -> dict[int, int]:
    """Id of Run → number of the entry by which it was admitted, of those that were."""
    names = {_name(run): run.pk for run in runs}
    found = Entry.objects.filter(reference__in=names, kind=Entry.Kind.DUE).values_list("reference", "pk")
    return {names[reference]: entry for reference, entry in found}


def _name(run: Run) -> str:
    return f"run {run.public_id}"


def _owed(run: Run, package: Package, funding: Funding) -> Iterator[Owed]:
    clauses = {item: package.entitlements[item.partition("#")[0]].clauses[0] for item in funding}
    lines = Line.objects.filter(run=run).order_by("pk").values_list("pk", "person_id", "item", "month", "fen")
    for line, person, item, month, fen in lines.iterator(chunk_size=10_000):
        first = dt.date(month // 100, month % 100, 1)
        for fund, part in split(fen, funding[item]).items():
            if part:
                reference = f"run {run.public_id}/{line}/{fund}"
                yield Owed(reference, person, fund, item, first, part, clauses[item], run.package_hash)
