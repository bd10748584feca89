"""Recording organisations and facts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.facts import NewFact
from songhe.console.organisations.forms import Closing, NewOrganisation, Reason
from songhe.console.organisations.opening import fill_in, of_organisation, page_of
from songhe.console.page import staff
from songhe.divisions.models import Division
from songhe.organisations.domain import registering
from songhe.organisations.facts import vocabulary
from songhe.organisations.models import FactRecord, Organisation


@staff(Action.ORGANISATION_WRITE, methods=READ_AND_WRITE)
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = NewOrganisation(given(request), within=divisions_for(request.user, Action.ORGANISATION_WRITE))
    if form.is_valid():
        asked = dict(form.cleaned_data)
        division = Division(pk=asked.pop("division").id)
        with telling(form):
            made = registering.register(by=request.user, division=division, **asked)
            text = say("已登记。请接着登记事实和收款账户。", "Recorded. Record its facts and its account next.")
            return done(request, text, page_of(made))
    return fill_in(
        request,
        form,
        title=say("登记机构或服务商", "Record an institution or provider"),
        button=say("登记", "Record it"),
        back=(reverse("console:organisations"), ""),
        hints=[say("统一社会信用代码登记后不能更改。", "The credit code cannot be changed afterwards.")],
    )


@of_organisation(Action.ORGANISATION_WRITE)
def new_fact(request: HttpRequest, organisation: Organisation, institution_fact: str) -> HttpResponse:
    if institution_fact not in vocabulary():
        raise Http404
    form = NewFact(given(request), fact=vocabulary()[institution_fact])
    if form.is_valid():
        with telling(form):
            asked = form.cleaned_data
            registering.record_fact(by=request.user, organisation=organisation, fact=institution_fact, **asked)
            return done(request, say("已记录。", "It is recorded."), page_of(organisation))
    label = vocabulary()[institution_fact].label
    return fill_in(
        request,
        form,
        title=say(f"记录{label.zh}", f"Record: {label.en}"),
        button=say("记录", "Record it"),
        back=(page_of(organisation), organisation.name),
        hints=[
            say("从起日起有效，直到下一条记录。已有的记录不会被改动。", "It holds until the next record."),
            say("数字留空表示不详。", "A number left empty means not known."),
        ],
    )


@of_organisation(Action.ORGANISATION_WRITE)
def retract_fact(request: HttpRequest, organisation: Organisation, organisation_record: int) -> HttpResponse:
    records = FactRecord.objects.filter(organisation=organisation, retraction=None, fact__in=vocabulary())
    record = get_object_or_404(records, pk=organisation_record)
    form = Reason(given(request))
    if form.is_valid():
        with telling(form):
            registering.retract(by=request.user, record=record, reason=form.cleaned_data["reason"])
            return done(request, say("已撤回。", "It is retracted."), page_of(organisation))
    label = vocabulary()[record.fact].label
    question = Question(
        title=say(f"撤回{organisation.name}的{label.zh}", f"Retract of {organisation.name}: {label.en}"),
        points=(say("此记录从未正确过，今后不再计入任何一天。", "It was never right, and counts no more."),),
        button=say("撤回", "Retract it"),
        back=page_of(organisation),
    )
    return ask(request, question, form)


@of_organisation(Action.ORGANISATION_WRITE)
def close_organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = Closing(given(request))
    if form.is_valid():
        with telling(form):
            registering.close(by=request.user, organisation=organisation, **form.cleaned_data)
            return done(request, say("已登记终止。", "It is recorded as closed."), page_of(organisation))
    question = Question(
        title=say(f"{organisation.name}终止", f"{organisation.name} closes"),
        points=(
            say("不能再申请补贴或签订合同，也不再核定以后的月份。", "No more applications, contracts or later months."),
            say("已应付的款项照常发放。此登记不能撤销。", "What is owed is still paid. This cannot be undone."),
        ),
        button=say("登记终止", "Record that it closed"),
        back=page_of(organisation),
    )
    return ask(request, question, form)
