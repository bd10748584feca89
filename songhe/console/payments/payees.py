"""Payees other than the elder: stated with a reason, approved by another, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import visible
from songhe.common import clock
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import DayField, Form
from songhe.console.page import show, staff
from songhe.console.payments.deeds import filled
from songhe.console.payments.lookup import found
from songhe.console.payments.words import Who, whose
from songhe.console.people.file import span
from songhe.console.people.opening import head_of, of_person
from songhe.pages.keyset import window
from songhe.payment.domain.payees import approve_payee, end_payee, state_payee
from songhe.payment.domain.revealing import masked_account
from songhe.payment.models import Payee
from songhe.registry.models import Person
from songhe.registry.vocabulary import StatementError


@staff(Action.PAYMENT_READ)
def payee_list(request: HttpRequest) -> HttpResponse:
    payees = Payee.objects.select_related("stated_by", "approved_by", "ended_by")
    page = window(
        visible(payees, request.user, Action.PAYMENT_READ), by="pk", falling=True, cursor=request.GET.get("cursor", "")
    )
    names = whose(page.rows)
    rows = [row_of(one, names[one.pk]) for one in page.rows]
    answer = show(request, "payments/payees.html", {"window": page, "rows": rows})
    if rows:
        append(user=request.user, action="payment.listed", subject_kind="payees", details={"count": len(rows)})
    return answer


def row_of(payee: Payee, who: Who) -> dict[str, Any]:
    return {
        "at": payee,
        "who": who,
        "state": _state(payee),
        "span": span(payee.valid_from, payee.valid_to),
        "account": masked_account(bytes(payee.account)),
        "waits": payee.approved_by_id is None and payee.ended_by_id is None,
        "is_open": payee.ended_by_id is None,
    }


def _state(payee: Payee) -> Text:
    if payee.ended_by_id:
        return say("已终止", "ended")
    if payee.approved_by_id is None:
        return say("待复核", "to be approved")
    today = clock.today()
    if payee.valid_from > today:
        return say("未生效", "not yet")
    is_over = payee.valid_to is not None and payee.valid_to < today
    return say("已到期", "over") if is_over else say("有效", "in force")


class NewPayee(Form):
    name = forms.CharField(label=say("收款户名", "Account name"), max_length=60)
    relation = forms.CharField(label=say("与老年人的关系", "Relation"), max_length=60)
    reason = forms.CharField(label=say("代收事由", "Why"), max_length=300)
    account = forms.CharField(label=say("银行账号", "Account number"), max_length=40)
    valid_from = DayField(label=say("起（含当日）", "From (included)"))
    valid_to = DayField(label=say("止（含当日）", "Until (included)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "relation", "account"):
            self.fields[name].widget.attrs.update(autocomplete="off")


@of_person(Action.PAYMENT_MAKE, methods=READ_AND_WRITE)
def new_payee(request: HttpRequest, person: Person) -> HttpResponse:
    form = NewPayee(given(request), initial={"valid_from": clock.today()})
    back = reverse("console:person-payments", args=[person.public_id])
    if form.is_valid():
        with telling(form):
            try:
                state_payee(by=request.user, person=person, **form.cleaned_data)
            except StatementError as error:
                form.add_problem("account" if error.fact == "bank_account" else None, say(error.zh, error.en))
            else:
                return done(request, say("代收人已登记，待另一人复核。", "Recorded; somebody else approves it."), back)
    hint = say(
        "只在老年人不能自己收款时办理。复核后，以后的批次付给代收人。",
        "Only where the elder cannot receive money. Once approved, later batches pay this account.",
    )
    name = head_of(person).name
    title = say(f"{name}的代收人", f"A payee for {name}")
    return filled(request, form, title, back, hint, (reverse("console:payees"), say("代收人", "Payees")))


@staff(Action.PAYMENT_MAKE, Action.PAYMENT_CHECK, methods=READ_AND_WRITE)
def payee_step(request: HttpRequest, payee_id: int, change: str) -> HttpResponse:
    if change not in ("approve", "end"):
        raise Http404
    approves = change == "approve"
    action = Action.PAYMENT_CHECK if approves else Action.PAYMENT_MAKE
    payee = found(request, Payee.objects.select_related("stated_by"), payee_id, action)
    form, back = Form(given(request)), reverse("console:payees")
    if form.is_valid():
        with telling(form):
            (approve_payee if approves else end_payee)(by=request.user, payee=payee)
            text = say("代收人已复核。", "Approved.") if approves else say("代收已终止。", "Ended.")
            return done(request, text, back)
    return ask(request, _question(payee, approves, back), form)


def _question(payee: Payee, approves: bool, back: str) -> Question:
    name = whose([payee])[payee.pk].name
    days = span(payee.valid_from, payee.valid_to)
    points = [
        say(f"收款户名：{payee.name}（{payee.relation}）", f"Account name: {payee.name} ({payee.relation})"),
        say(f"账号：{masked_account(bytes(payee.account))}", f"Account: {masked_account(bytes(payee.account))}"),
        say(f"事由：{payee.reason}", f"Why: {payee.reason}"),
        say(f"期限：{days.zh}", f"Holds {days.en}"),
        say(f"登记人：{payee.stated_by.display_name}", f"Stated by {payee.stated_by.display_name}"),
    ]
    if approves:
        points.append(say("复核后，原代收人随之终止。", "The payee before, if there is one, ends with it."))
        title, button = say(f"复核{name}的代收人", f"Approve the payee of {name}"), say("复核通过", "Approve")
    else:
        points.append(say("终止后，以后的批次付给老年人本人。", "Later batches pay the elder again."))
        title, button = say(f"终止{name}的代收人", f"End the payee of {name}"), say("终止", "End it")
    return Question(title=title, points=points, button=button, back=back, is_harmful=not approves)
