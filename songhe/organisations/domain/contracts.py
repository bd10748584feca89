"""Purchase of services (政府购买服务): contracts, what was delivered month by month, and who looked whether it was."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import require, require_division
from songhe.common import clock
from songhe.divisions.models import Division
from songhe.organisations.domain.registering import tell
from songhe.organisations.errors import OrganisationError
from songhe.organisations.models import Contract, Delivery, Organisation
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package


def state_contract(
    *,
    by: User,
    organisation: Organisation,
    division: Division,
    document: str,
    service: str,
    package: str,
    clause: str,
    unit: str,
    price: int,
    ceiling: int,
    valid_from: dt.date,
    valid_to: dt.date,
    item: str = "",
) -> Contract:
    """A contract of an office with a provider, in fen; counts for nothing until another user confirms it.

    Raises OutOfScope, and OrganisationError for what is missing, contradicts itself or is not in the package.
    """
    require(by, Action.ORGANISATION_WRITE, organisation)
    require_division(by, Action.ORGANISATION_WRITE, division.pk)
    if not organisation.is_provider or organisation.closed_on is not None:
        raise OrganisationError("只能与未终止的服务商签订合同。", "Only a provider that is not closed has contracts.")
    if not (document.strip() and service.strip() and unit.strip()):
        raise OrganisationError("请填写合同文号、服务内容和计量单位。", "Give the document, the service and the unit.")
    if price <= 0 or ceiling < price:
        raise OrganisationError(
            "单价须为正，总价上限不低于单价。", "The price is positive, and the ceiling not below it."
        )
    if valid_to < valid_from:
        raise OrganisationError("止日早于起日。", "The last day lies before the first.")
    _must_be_written(package, item, clause)
    with transaction.atomic():
        made = Contract.objects.create(
            organisation=organisation,
            division=division,
            document=document.strip(),
            service=service.strip(),
            package=package,
            item=item,
            clause=clause,
            unit=unit.strip(),
            price=price,
            ceiling=ceiling,
            valid_from=valid_from,
            valid_to=valid_to,
            stated_by=by,
        )
        _tell(by, "contract.stated", made, {"price": price, "ceiling": ceiling})
    return made


def confirm_contract(*, by: User, contract: Contract) -> None:
    """The contract counts from now on. Raises OrganisationError for whoever stated it."""
    require(by, Action.ORGANISATION_WRITE, contract)
    with transaction.atomic():
        stated = Contract.objects.select_for_update().get(pk=contract.pk)
        if stated.stated_by_id == by.pk:
            raise OrganisationError("登记人不能复核自己登记的合同。", "Whoever stated a contract cannot confirm it.")
        if stated.confirmed_by_id:
            raise OrganisationError("此合同已复核。", "The contract was confirmed before.")
        Contract.objects.filter(pk=stated.pk).update(confirmed_by=by, confirmed_at=clock.now())
        _tell(by, "contract.confirmed", stated, {})
    contract.refresh_from_db()


def report_delivery(
    *, by: User, contract: Contract, month: dt.date, units: int, people: int, document: str
) -> Delivery:
    """What was delivered in a month (its first day). Raises OrganisationError outside the contract or twice."""
    require(by, Action.ORGANISATION_WRITE, contract)
    if contract.confirmed_by_id is None:
        raise OrganisationError("合同尚未复核。", "The contract has not been confirmed yet.")
    if units <= 0 or people <= 0 or not document.strip():
        raise OrganisationError(
            "请填写数量、服务人数和依据。", "Give the units, the number of people and the document."
        )
    if month.day != 1 or month > clock.today():
        raise OrganisationError("月份写作一号，不能在将来。", "A month is its first day, and not in the future.")
    if not contract.valid_from.replace(day=1) <= month <= contract.valid_to:
        raise OrganisationError("此月不在合同期内。", "The month lies outside the contract.")
    with transaction.atomic():
        Contract.objects.select_for_update().get(pk=contract.pk)
        if Delivery.objects.filter(contract=contract, month=month).exclude(verified_units=0).exists():
            raise OrganisationError("此月已填报。", "The month has been reported already.")
        made = Delivery.objects.create(
            contract=contract, month=month, units=units, people=people, document=document.strip(), reported_by=by
        )
        _tell(by, "delivery.reported", contract, {"month": f"{month:%Y-%m}", "units": units, "people": people})
    return made


def verify_delivery(*, by: User, delivery: Delivery, units: int, finding: str = "") -> None:
    """How many units were really delivered, 0 turns the report down. Raises OrganisationError for its author."""
    require(by, Action.ORGANISATION_WRITE, delivery)
    with transaction.atomic():
        reported = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if reported.reported_by_id == by.pk:
            raise OrganisationError("填报人不能核实自己填报的服务量。", "Whoever reported a delivery cannot verify it.")
        if reported.verified_by_id:
            raise OrganisationError("此服务量已核实。", "The delivery was verified before.")
        if not 0 <= units <= reported.units:
            raise OrganisationError(
                f"核实数量须在0至{reported.units}之间。", f"Between 0 and {reported.units} units can be verified."
            )
        if units < reported.units and not finding.strip():
            raise OrganisationError("核减须说明理由。", "Say why it is less than was reported.")
        change = {"verified_by": by, "verified_at": clock.now(), "verified_units": units, "finding": finding.strip()}
        Delivery.objects.filter(pk=reported.pk).update(**change)
        details = {"month": f"{reported.month:%Y-%m}", "units": units, "reported": reported.units}
        _tell(by, "delivery.verified", reported.contract, details)
    delivery.refresh_from_db()


def _must_be_written(package: str, item: str, clause: str) -> None:
    try:
        found = load_package(package)
    except (UnknownPackage, PackageError):
        raise OrganisationError(f"没有政策包{package}。", f"There is no package {package}.") from None
    if clause not in found.clauses:
        raise OrganisationError(f"{package}没有条款{clause}。", f"{clause} is no clause of {package}.")
    if item and item not in found.entitlements:
        raise OrganisationError(f"{package}没有事项{item}。", f"{item} is no item of {package}.")


def _tell(by: User, action: str, contract: Contract, details: dict[str, object]) -> None:
    named = {"name": contract.organisation.name, "document": contract.document}
    tell(by, action, contract.organisation, {**named, **details}, contract.division_id)
