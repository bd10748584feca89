"""What organisations are paid, led back: a subsidy to the act that granted it, its facts and clauses; a delivery to
the count that another person verified, its contract and price.

A subsidy is worked out anew for every settlement, on the facts as they were known at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from songhe.casework.models import Act, Case
from songhe.casework.subjects import organisation_of
from songhe.common.calendar import last_day
from songhe.common.money import format_yuan
from songhe.organisations.facts import vocabulary
from songhe.organisations.models import Delivery, Organisation
from songhe.organisations.subsidies import MONTHLY, ONCE, Answer, answer
from songhe.payment.domain.from_deliveries import NAME as CONTRACT
from songhe.payment.domain.from_subsidies import NAME as SUBSIDY
from songhe.payment.domain.from_subsidies import granting
from songhe.payment.models import Claim
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package

__all__ = ["CONTRACT", "SUBSIDY", "Ground", "Grounds"]


@dataclass(frozen=True)
class Ground:
    """To what a claim was led back, in a line that people read; `lack` says what does not hold."""

    claim: Claim
    said: str = ""
    lack: str = ""


@dataclass
class _Settling:
    """One settlement of a period: its claims, all made at one moment."""

    number: int
    claims: list[Claim] = field(default_factory=list)

    @property
    def at(self) -> dt.datetime:
        return self.claims[0].entry.at

    @property
    def fen(self) -> int:
        return sum(one.fen for one in self.claims)


class Grounds:
    """The claims of organisations on the funds of a county's office, each with its ground."""

    def __init__(self, county: int) -> None:
        claims = Claim.objects.filter(fund__division=county, organisation__isnull=False)
        self._claims = claims.select_related("entry", "organisation").order_by("pk")

    def all(self) -> Iterator[Ground]:
        """Of every claim of an organisation that comes from a case or a contract."""
        yield from self._subsidies()
        for claim in self._claims.filter(reference__startswith=CONTRACT):
            yield _of_delivery(claim)

    def _subsidies(self) -> Iterator[Ground]:
        periods: defaultdict[tuple[str, str], dict[int, _Settling]] = defaultdict(dict)
        for claim in self._claims.filter(reference__startswith=SUBSIDY):
            case, _, rest = claim.reference.removeprefix(SUBSIDY).partition("/")
            month, _, rest = rest.partition("/")
            number = int(rest.partition("/")[0]) if rest.partition("/")[0].isdigit() else 0
            periods[case, month].setdefault(number, _Settling(number)).claims.append(claim)
        for (case, _), settlings in periods.items():
            yield from _of_subsidy(case, [settlings[number] for number in sorted(settlings)])


def _of_subsidy(public: str, settlings: Iterable[_Settling]) -> Iterator[Ground]:
    """The settlements of one period, each of which brought the sum to what was due as known then."""
    settlings = list(settlings)
    case = _case(public)
    granted = None if case is None else granting(case)
    if case is None or granted is None:
        for settling in settlings:
            yield from (Ground(one, lack="没有同意这项补贴的办件 no case granted it") for one in settling.claims)
        return
    home, whole = organisation_of(case), 0
    for settling in settlings:
        whole += settling.fen
        for claim in settling.claims:
            wrong = _otherwise(claim, case, home)
            due = None if wrong or home is None else _due(case, granted, home, settling)
            lack = wrong or _differing(granted, claim, whole) or ("" if due is None else _lack(due, home, claim, whole))
            yield Ground(claim, "" if due is None else _said(case, granted, due), lack)


def _otherwise(claim: Claim, case: Case, home: Organisation | None) -> str:
    """Whether the claim is of something else than what the case granted."""
    if home is None or claim.organisation_id != home.pk or claim.item != case.item:
        return "与办件的机构或事项不同 it is of another institution or item than the case"
    return ""


def _case(public: str) -> Case | None:
    try:
        return Case.objects.select_related("procedure").filter(public_id=UUID(public)).first()
    except ValueError:
        return None


def _differing(granted: Act, claim: Claim, whole: int) -> str:
    """Whether a sum paid once is another than the act that granted it says."""
    said = granted.details
    if said["period"] != ONCE or (claim.package, whole) == (said["package"], said["fen"]):
        return ""
    return f"与同意时的决定不同 the act that granted it says {said['fen']}, claimed {whole}"


def _due(case: Case, granted: Act, home: Organisation, settling: _Settling) -> Answer:
    """What the package says, on the facts as known when it was granted (paid once) or settled (by the period)."""
    period, month = granted.details["period"], settling.claims[0].month
    if period == ONCE:
        return answer(home, case.package, case.item, granted.on, granted.at)
    day = last_day(month.year, month.month if period == MONTHLY else 12)
    return answer(home, case.package, case.item, day, settling.at)


def _lack(due: Answer, home: Organisation | None, claim: Claim, whole: int) -> str:
    if claim.clause not in due.rule.clauses:
        return f"没有条款 there is no clause {claim.clause}"
    if claim.package != due.package.hash:
        # Another version decided; what it said is kept in the act, and cannot be worked out anew by this one.
        return ""
    ended = home is not None and home.closed_on is not None and home.closed_on <= due.day
    right = {due.fen or 0, 0} if ended else {due.fen or 0}
    return "" if whole in right else f"应为 expected {due.fen or 0}，入账 claimed {whole}"


def _said(case: Case, granted: Act, due: Answer) -> str:
    """The act, the arithmetic, the facts and the clauses."""
    facts = "、".join(f"{fact.label.zh}={due.facts[name]}" for name, fact in vocabulary().items() if name in due.facts)
    sum_of = due.arithmetic or "0"
    return (
        f"{due.rule.standard.name.zh}，{granted.on}同意（办件 case {case.public_id}），"
        f"{sum_of}，{due.day}的事实 facts：{facts}，条款 clauses：{'、'.join(due.rule.clauses)}"
    )


def _of_delivery(claim: Claim) -> Ground:
    """A verified count times the price; what all deliveries of a contract got never passes its ceiling."""
    parts = claim.reference.split("/")
    found = Delivery.objects.select_related("contract").filter(pk=parts[2] if parts[2:3] and parts[2].isdigit() else 0)
    delivery = found.first()
    if delivery is None or not delivery.verified_units or delivery.verified_by_id == delivery.reported_by_id:
        return Ground(claim, lack="没有经他人核实的服务量 no delivery that another person verified")
    contract = delivery.contract
    if (contract.organisation_id, contract.budget_item, contract.clause, delivery.month) != (
        claim.organisation_id,
        claim.item,
        claim.clause,
        claim.month,
    ):
        return Ground(claim, lack="与合同的服务商、事项、条款或月份不同 it differs from the contract")
    if not _has_clause(contract.package, contract.clause):
        return Ground(claim, lack=f"没有条款 there is no clause {claim.clause}")
    of_it = Claim.objects.filter(reference__startswith="/".join(parts[:3]) + "/")
    worth, got = delivery.verified_units * contract.price, sum(of_it.values_list("fen", flat=True))
    of_all = Claim.objects.filter(reference__startswith=f"{parts[0]}/").values_list("fen", flat=True)
    if got > worth or sum(of_all) > contract.ceiling or (got < worth and sum(of_all) < contract.ceiling):
        return Ground(claim, lack=f"应为 expected {worth}，入账 claimed {got}")
    said = (
        f"{contract.service}，合同 contract {contract.document}，核实 verified {delivery.verified_units}"
        f"{contract.unit} × {format_yuan(contract.price)}，条款 clause：{contract.clause}"
    )
    return Ground(claim, said)


def _has_clause(package: str, clause: str) -> bool:
    try:
        return clause in load_package(package).clauses
    except (UnknownPackage, PackageError):
        return False
