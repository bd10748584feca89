"""Reading funds and what is owed: per fund, never added up over levels."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.organisations.models import Organisation
from songhe.payment.models import Account, Batch, Budget, Claim, Fund, PaymentLine, Posting
from songhe.policy.package import Package
from songhe.registry.groups import group_of
from songhe.registry.models import Person

Kind = Account.Kind
_CARE = "care"
_MONITORED = "fund-share-monitoring"


@dataclass(frozen=True)
class Position:
    """A fund in fen: planned, put in, taken on (what decisions ask of it), paid out, on its way, and left.

    `shortfall` is what it lacks for all it has taken on and not paid, whatever other funds may have.
    """

    fund: Fund
    budget: int
    appropriated: int
    obligated: int
    spent: int
    on_the_way: int
    available: int
    unpaid: int

    @property
    def shortfall(self) -> int:
        return max(0, self.unpaid - self.available)


def funds_for(viewer: User) -> QuerySet[Fund]:
    """The funds within the viewer's reach, newest year first."""
    return visible(Fund.objects.order_by("-year", "division_id", "kind", "level"), viewer, Action.PAYMENT_READ)


def position(fund: Fund) -> Position:
    """How a fund stands."""
    return positions([fund])[0]


def positions(funds: Iterable[Fund]) -> list[Position]:
    """How each fund stands, in their order; as many queries for one as for many."""
    shown = list(funds)
    balances: Counter[tuple[int, str]] = Counter()
    for fund, kind, balance in Account.objects.filter(fund__in=shown).values_list("fund", "kind", "balance"):
        balances[fund, kind] += balance
    planned = Budget.objects.filter(fund__in=shown).values_list("fund").annotate(fen=Sum("fen")).order_by()
    budgets = {fund: int(fen) for fund, fen in planned}
    return [_position(fund, {kind: balances[fund.pk, kind] for kind in Kind}, budgets) for fund in shown]


def _position(fund: Fund, there: Mapping[Account.Kind, int], budgets: Mapping[int, int]) -> Position:
    on_the_way = -there[Kind.CLEARING] - there[Kind.SUSPENSE]
    return Position(
        fund=fund,
        budget=budgets.get(fund.pk, 0),
        appropriated=-there[Kind.APPROPRIATION],
        obligated=there[Kind.OBLIGATION],
        spent=-there[Kind.APPROPRIATION] - there[Kind.FUND],
        on_the_way=on_the_way,
        available=there[Kind.FUND] - on_the_way,
        unpaid=-there[Kind.PAYEE],
    )


def over_budget(fund: Fund) -> dict[str, int]:
    """Items of a fund for which more was taken on than planned: item → fen beyond the budget."""
    planned = dict(Budget.objects.filter(fund=fund).values_list("item").annotate(fen=Sum("fen")))
    taken = dict(Account.objects.filter(fund=fund, kind=Kind.OBLIGATION).values_list("item", "balance"))
    return {item: fen - planned.get(item, 0) for item, fen in sorted(taken.items()) if fen > planned.get(item, 0)}


def owed_to(person: Person) -> int:
    """Fen owed to a person and not yet given to the bank; of merged files together."""
    return -_balance(person, Kind.PAYEE)


def owed_by(person: Person) -> int:
    """Fen that a person still owes back; of merged files together."""
    return _balance(person, Kind.RECOVERY)


def claims_of(person: Person) -> QuerySet[Claim]:
    """All that was ever decided about a person, oldest month first."""
    return Claim.objects.filter(person__in=group_of(person.pk)).order_by("month", "pk")


def owed_to_organisation(organisation: Organisation) -> int:
    """Fen owed to an organisation and not yet given to the bank."""
    return -_posted(Posting.objects.filter(claim__organisation=organisation), Kind.PAYEE)


def owed_by_organisation(organisation: Organisation) -> int:
    """Fen that an organisation still owes back."""
    return _posted(Posting.objects.filter(claim__organisation=organisation), Kind.RECOVERY)


def claims_of_organisation(organisation: Organisation) -> QuerySet[Claim]:
    """All that was ever decided about an organisation, oldest month first."""
    return Claim.objects.filter(organisation=organisation).select_related("fund").order_by("month", "pk")


def batches_for(viewer: User) -> QuerySet[Batch]:
    """The batches within the viewer's reach, newest first."""
    return visible(Batch.objects.order_by("-pk"), viewer, Action.PAYMENT_READ)


def lines_for(viewer: User) -> QuerySet[PaymentLine]:
    """The lines within the viewer's reach, in the order of batches: a town sees those of its own people."""
    return visible(PaymentLine.objects.order_by("batch_id", "pk"), viewer, Action.PAYMENT_READ)


def waiting(viewer: User) -> QuerySet[PaymentLine]:
    """Lines that bounced and were not paid again yet: somebody must ask these people for their account."""
    return lines_for(viewer).filter(answers__outcome="bounced", assignments__live=True).distinct()


@dataclass(frozen=True)
class Share:
    """What part of a welfare lottery fund went to elderly care, beside one clause that sets a limit (`at_least`).

    `share` is None for a fund into which nothing was put.
    """

    fund: Fund
    clause: str
    at_least: Fraction
    share: Fraction | None
    cared: int
    received: int

    @property
    def met(self) -> bool | None:
        return None if self.share is None else self.share >= self.at_least


def lottery_shares(funds: Iterable[Fund], package: Package) -> Iterator[Share]:
    """For each welfare lottery fund and each clause of the package that sets a share: one level never helps another.

    Where clauses contradict each other, each stands for itself.
    """
    limits = [
        (clause, Fraction(target.value) / 100)
        for indicator in package.indicators.values()
        if indicator.capability == _MONITORED
        for target in indicator.targets
        if target.unit == "%" and target.value is not None
        for clause in indicator.clauses
    ]
    for fund in funds:
        if fund.kind != Fund.Kind.WELFARE_LOTTERY:
            continue
        received, cared = _received(fund), _cared(fund)
        share = Fraction(cared, received) if received else None
        for clause, limit in limits:
            yield Share(fund, clause, limit, share, cared, received)


def lottery_flows(fund: Fund, day: dt.date) -> tuple[int, int]:
    """What came into a welfare lottery fund until the end of a day, and what of it went to elderly care, in fen.

    Of elderly care is what was paid to people, and what was spent on it at once.
    """
    over = clock.end_of(day)
    posted = Posting.objects.filter(account__fund=fund, entry__at__lte=over)
    there = dict(posted.values_list("account__kind").annotate(fen=Sum("fen")).order_by())
    other = posted.filter(account__kind=Kind.SPENDING).exclude(account__item=_CARE).aggregate(fen=Sum("fen"))["fen"]
    received = -int(there.get(Kind.APPROPRIATION, 0))
    return received, received - int(there.get(Kind.FUND, 0)) - int(other or 0)


def _received(fund: Fund) -> int:
    return -_total(fund, Kind.APPROPRIATION)


def _cared(fund: Fund) -> int:
    """What was paid to people, and what was spent on care at once."""
    other = Account.objects.filter(fund=fund, kind=Kind.SPENDING).exclude(item=_CARE)
    gone = _received(fund) - _total(fund, Kind.FUND)
    return gone - int(other.aggregate(fen=Coalesce(Sum("balance"), 0))["fen"])


def _total(fund: Fund, kind: Account.Kind) -> int:
    found = Account.objects.filter(fund=fund, kind=kind).aggregate(fen=Coalesce(Sum("balance"), 0))
    return int(found["fen"])


def _balance(person: Person, kind: Account.Kind) -> int:
    return _posted(Posting.objects.filter(claim__person__in=group_of(person.pk)), kind)


def _posted(postings: QuerySet[Posting], kind: Account.Kind) -> int:
    return int(postings.filter(account__kind=kind).aggregate(fen=Coalesce(Sum("fen"), 0))["fen"])
