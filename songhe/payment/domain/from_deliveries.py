"""Paying for purchased services: verified units times the price, never above the contract's ceiling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require_division
from songhe.organisations.models import Contract, Delivery
from songhe.payment.domain.claims import Admitted, Owed, admit
from songhe.payment.domain.from_subsidies import Shares, borne_by
from songhe.payment.domain.posting import writing
from songhe.payment.errors import PaymentError
from songhe.payment.models import Claim
from songhe.payment.shares import split
from songhe.policy.load import load_package

# How the reference of such a claim begins.
NAME = "contract "


class Bill(NamedTuple):
    """What a delivery is worth in fen, and what of it the ceiling leaves."""

    worth: int
    payable: int

    @property
    def cut(self) -> int:
        """Fen that the ceiling takes away."""
        return self.worth - self.payable


def admit_delivery(*, by: User, delivery: Delivery, shares: Shares | None = None) -> Admitted:
    """The claims of a verified delivery; again, it changes nothing.

    Without `shares` the county's confirmed funding holds. Raises OutOfScope, and PaymentError for what was not verified
    or turned down, and when the contract's ceiling is used up.
    """
    contract = Contract.objects.get(pk=delivery.contract_id)
    require_division(by, Action.PAYMENT_MAKE, contract.division_id)
    with writing():
        now = Delivery.objects.select_related("contract").get(pk=delivery.pk)
        if not now.verified_units:
            raise PaymentError("服务量未经核实，不能入账。", "What was not verified is not paid.")
        known = Claim.objects.filter(reference__startswith=_name(now)).count()
        if known:
            return Admitted(0, known, None)
        fen = bill(now).payable
        if fen <= 0:
            raise PaymentError("已达合同总价上限。", "The contract's ceiling is used up.")
        borne = shares if shares is not None else borne_by(contract.division_id, contract.budget_item, now.month.year)
        return admit(by=by, reference=_name(now), owed=_owed(now, fen, borne))


def bill(delivery: Delivery) -> Bill:
    """What a verified delivery is worth, and what is left of the ceiling for it; of one in the ledger, what it got."""
    return bills(delivery.contract, [delivery])[delivery.pk]


def bills(contract: Contract, deliveries: Iterable[Delivery]) -> dict[int, Bill]:
    """The bills of deliveries of one contract, by their ids; one query for any number of them."""
    got = in_ledger(contract)
    left = max(contract.ceiling - sum(got.values()), 0)
    worths = {one.pk: (one.verified_units or 0) * contract.price for one in deliveries}
    return {id: Bill(worth, got.get(id, min(worth, left))) for id, worth in worths.items()}


def in_ledger(contract: Contract) -> dict[int, int]:
    """Fen claimed so far, by the id of the delivery."""
    got: Counter[int] = Counter()
    claims = Claim.objects.filter(reference__startswith=_contract(contract)).values_list("reference", "fen")
    for reference, fen in claims:
        got[int(reference.split("/")[2])] += fen
    return dict(got)


def claimed(contract: Contract) -> int:
    """Fen claimed under a contract so far."""
    return sum(in_ledger(contract).values())


def _contract(contract: Contract) -> str:
    return f"{NAME}{contract.public_id}/"


def _name(delivery: Delivery) -> str:
    return f"{_contract(delivery.contract)}{delivery.month:%Y-%m}/{delivery.pk}/"


def _owed(delivery: Delivery, fen: int, shares: Shares) -> Iterator[Owed]:
    contract = delivery.contract
    package = load_package(contract.package).hash
    for fund, part in split(fen, shares).items():
        if part:
            reference = f"{_name(delivery)}{fund}"
            ground = (fund, contract.budget_item, delivery.month, part, contract.clause, package)
            yield Owed(reference, None, *ground, organisation=contract.organisation_id)
