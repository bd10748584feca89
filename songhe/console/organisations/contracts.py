"""Contracts with providers and what was delivered of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.money import format_yuan
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.organisations.forms import NewContract, NewDelivery, Verifying
from songhe.console.organisations.opening import fill_in, of_organisation, page_of
from songhe.console.page import show, staff
from songhe.divisions.models import Division
from songhe.organisations.domain import contracts
from songhe.organisations.models import Contract, Delivery, Organisation
from songhe.organisations.queries import contracts_for, deliveries_for
from songhe.payment.domain.from_deliveries import admit_delivery, bill, bills, in_ledger
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package

View = Callable[..., HttpResponse]


def _of_contract(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @staff(*actions, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, contract: UUID, **kwargs: Any) -> HttpResponse:
            return view(request, get_object_or_404(contracts_for(request.user), public_id=contract), **kwargs)

        return opened

    return decorate


def _of_delivery(*actions: Action) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @staff(*actions, methods=READ_AND_WRITE)
        @wraps(view)
        def opened(request: HttpRequest, delivery: UUID) -> HttpResponse:
            return view(request, get_object_or_404(deliveries_for(request.user), public_id=delivery))

        return opened

    return decorate


def _page_of(contract: Contract) -> str:
    return reverse("console:contract", args=[contract.public_id])


@of_organisation(Action.ORGANISATION_WRITE)
def new_contract(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    within = divisions_for(request.user, Action.ORGANISATION_WRITE)
    form = NewContract(given(request), packages=package_ids(), within=within)
    if form.is_valid():
        asked = dict(form.cleaned_data)
        division = Division(pk=asked.pop("division").id)
        with telling(form):
            made = contracts.state_contract(by=request.user, organisation=organisation, division=division, **asked)
            text = say("合同已登记，待另一人复核。", "The contract is stated; another person has to confirm it.")
            return done(request, text, _page_of(made))
    return fill_in(
        request,
        form,
        title=say("登记购买服务合同", "State a contract"),
        button=say("登记", "State it"),
        back=(page_of(organisation), organisation.name),
        hints=[say("登记后不能更改；须由另一人复核。", "It cannot be changed; another person confirms it.")],
    )


@_of_contract(Action.ORGANISATION_READ, methods=("GET", "HEAD"))
def contract_page(request: HttpRequest, contract: Contract) -> HttpResponse:
    rows = list(deliveries_for(request.user).filter(contract=contract).select_related("reported_by", "verified_by"))
    got, worth = in_ledger(contract), bills(contract, rows)
    used = sum(got.values())
    context = {
        "contract": contract,
        "clause": load_package(contract.package).clauses.get(contract.clause) if _is_there(contract.package) else None,
        "rows": [{"row": row, "bill": worth[row.pk], "paid": row.pk in got} for row in rows],
        "claimed": used,
        "left": contract.ceiling - used,
        "own": request.user.pk,
    }
    return show(request, "organisations/contract.html", context)


def _is_there(package: str) -> bool:
    return package in package_ids()


@_of_contract(Action.ORGANISATION_WRITE)
def confirm(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            contracts.confirm_contract(by=request.user, contract=contract)
            return done(request, say("合同已复核。", "The contract is confirmed."), _page_of(contract))
    price, ceiling = format_yuan(contract.price), format_yuan(contract.ceiling)
    question = Question(
        title=say(f"复核合同{contract.document}", f"Confirm the contract {contract.document}"),
        points=(
            say(
                f"{contract.organisation}：{contract.service}，每{contract.unit}{price}，上限{ceiling}",
                f"{contract.organisation}: {contract.service}, {price} each {contract.unit}, at most {ceiling}",
            ),
            say(
                f"{contract.valid_from}至{contract.valid_to}，条款{contract.clause}，由{contract.stated_by.display_name}登记",
                f"{contract.valid_from} to {contract.valid_to}, clause {contract.clause}, "
                f"stated by {contract.stated_by.display_name}",
            ),
        ),
        button=say("复核无误", "Confirm it"),
        back=_page_of(contract),
        is_harmful=False,
    )
    return ask(request, question, form)


@_of_contract(Action.ORGANISATION_WRITE)
def new_delivery(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = NewDelivery(given(request))
    if form.is_valid():
        with telling(form):
            contracts.report_delivery(by=request.user, contract=contract, **form.cleaned_data)
            text = say("服务量已填报，待另一人核实。", "It is reported; another person has to verify it.")
            return done(request, text, _page_of(contract))
    return fill_in(
        request,
        form,
        title=say("填报服务量", "Report what was delivered"),
        button=say("填报", "Report it"),
        back=(_page_of(contract), contract.document),
        hints=[say(f"计量单位：{contract.unit}。", f"Counted in {contract.unit}.")],
    )


@_of_delivery(Action.ORGANISATION_WRITE)
def verify(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    form = Verifying(given(request), initial={"units": delivery.units})
    if form.is_valid():
        with telling(form):
            contracts.verify_delivery(by=request.user, delivery=delivery, **form.cleaned_data)
            return done(request, say("已核实。", "It is verified."), _page_of(delivery.contract))
    unit, by = delivery.contract.unit, delivery.reported_by.display_name
    question = Question(
        title=say(f"核实{delivery.month:%Y-%m}的服务量", f"Verify what was delivered in {delivery.month:%Y-%m}"),
        points=(
            say(
                f"{by}填报{delivery.units}{unit}，服务{delivery.people}人，依据：{delivery.document}",
                f"{by} reported {delivery.units} {unit} for {delivery.people} people; document: {delivery.document}",
            ),
            say("核实为0即退回，此月可重新填报。", "With 0 it is turned down, and the month can be reported anew."),
        ),
        button=say("核实", "Verify it"),
        back=_page_of(delivery.contract),
        is_harmful=False,
    )
    return ask(request, question, form)


@_of_delivery(Action.PAYMENT_MAKE)
def settle(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            made = admit_delivery(by=request.user, delivery=delivery)
            text = say(f"已入账{made.new}项应付。", f"{made.new} claims are in the ledger.")
            return done(request, text, _page_of(delivery.contract))
    worth = bill(delivery)
    points = [
        say(
            f"核实{delivery.verified_units or 0}{delivery.contract.unit} × {format_yuan(delivery.contract.price)}"
            f" = {format_yuan(worth.worth)}",
            f"{delivery.verified_units or 0} verified {delivery.contract.unit} × {format_yuan(delivery.contract.price)}"
            f" = {format_yuan(worth.worth)}",
        )
    ]
    if worth.cut:
        points.append(
            say(
                f"超出合同总价上限{format_yuan(worth.cut)}，只入账{format_yuan(worth.payable)}。",
                f"{format_yuan(worth.cut)} lie beyond the ceiling: {format_yuan(worth.payable)} are payable.",
            )
        )
    question = Question(
        title=say(f"{delivery.month:%Y-%m}服务费入账", f"Into the ledger: {delivery.month:%Y-%m}"),
        points=points,
        button=say("入账", "Bring it into the ledger"),
        back=_page_of(delivery.contract),
        is_harmful=False,
    )
    return ask(request, question, form)
