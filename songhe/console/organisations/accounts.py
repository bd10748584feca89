"""The account of an organisation: stated by one, confirmed by another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import Question, ask, done, given, never_stored, telling
from songhe.console.forms import Form
from songhe.console.organisations.forms import NewAccount
from songhe.console.organisations.opening import fill_in, of_organisation, page_of
from songhe.organisations.domain import accounts
from songhe.organisations.models import BankAccount, Organisation


@of_organisation(Action.ORGANISATION_WRITE)
def new_account(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = NewAccount(given(request), initial={"name": organisation.name})
    if form.is_valid():
        with telling(form):
            accounts.state_account(by=request.user, organisation=organisation, **form.cleaned_data)
            text = say("账户已登记，待另一人复核。", "The account is stated; another person has to confirm it.")
            return done(request, text, page_of(organisation))
    page = fill_in(
        request,
        form,
        title=say("登记收款账户", "State the account"),
        button=say("登记", "State it"),
        back=(page_of(organisation), organisation.name),
        hints=[say("复核之前不会付款到此账户。", "Nothing is paid to it before it is confirmed.")],
    )
    return never_stored(page)


def _account(organisation: Organisation, id: int) -> BankAccount:
    return get_object_or_404(BankAccount.objects.filter(organisation=organisation, ended_by=None), pk=id)


@of_organisation(Action.ORGANISATION_WRITE)
def confirm(request: HttpRequest, organisation: Organisation, organisation_account: int) -> HttpResponse:
    account, form = _account(organisation, organisation_account), Form(given(request))
    if form.is_valid():
        with telling(form):
            accounts.confirm_account(by=request.user, account=account)
            return done(request, say("账户已复核。", "The account is confirmed."), page_of(organisation))
    question = Question(
        title=say(f"复核{organisation.name}的收款账户", f"Confirm the account of {organisation.name}"),
        points=(
            say(
                f"户名：{account.name}，账号末四位：{account.last_digits}，依据：{account.document}",
                f"Name: {account.name}; last four digits: {account.last_digits}; document: {account.document}",
            ),
            say(
                f"由{account.stated_by.display_name}登记，须由另一人复核。",
                f"Stated by {account.stated_by.display_name}; somebody else confirms it.",
            ),
            say("复核后以此账户付款，原账户终止。", "From then on it is paid to this one, and the one before ends."),
        ),
        button=say("复核无误", "Confirm it"),
        back=page_of(organisation),
        is_harmful=False,
    )
    return ask(request, question, form)


@of_organisation(Action.ORGANISATION_WRITE)
def end(request: HttpRequest, organisation: Organisation, organisation_account: int) -> HttpResponse:
    account, form = _account(organisation, organisation_account), Form(given(request))
    if form.is_valid():
        with telling(form):
            accounts.end_account(by=request.user, account=account)
            return done(request, say("账户已终止。", "The account is ended."), page_of(organisation))
    question = Question(
        title=say(f"终止{organisation.name}的收款账户", f"End the account of {organisation.name}"),
        points=(say("在复核新的账户之前，不再向此机构付款。", "Nothing is paid until another one is confirmed."),),
        button=say("终止", "End it"),
        back=page_of(organisation),
    )
    return ask(request, question, form)
