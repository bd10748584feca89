"""Recording estates, their names and what is known of them and of pools."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import divisions_for
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.facilities.forms import Closing, NewEstate, Reason, Renaming
from songhe.console.facilities.opening import fill_in, of_estate, of_pool, page_of
from songhe.console.facts import NewFact
from songhe.console.page import staff
from songhe.divisions.models import Division
from songhe.facilities.domain import registering
from songhe.facilities.facts import BOOKS, ESTATE, POOL, POOL_RECORDED
from songhe.facilities.models import Estate, FactRecord, Pool

_HINTS = [
    say("从起日起有效，直到下一条记录。已有的记录不会被改动。", "It holds from that day until the next record."),
    say("留空表示不详；没有用房的，面积填0。", "Left empty it is not known; where there are no premises, write 0."),
]


@staff(Action.ESTATE_WRITE, methods=READ_AND_WRITE)
def new_estate(request: HttpRequest) -> HttpResponse:
    form = NewEstate(given(request), within=divisions_for(request.user, Action.ESTATE_WRITE))
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        division = Division(pk=wanted.pop("division").id)
        with telling(form):
            made = registering.register(by=request.user, division=division, **wanted)
            text = say("已登记。请接着登记类别、户数和面积。", "Recorded. Record kind and size next.")
            return done(request, text, page_of(made))
    return fill_in(
        request,
        form,
        title=say("登记小区", "Record an estate"),
        button=say("登记", "Record it"),
        back=(reverse("console:estates"), ""),
        hints=[
            say(
                "新建的从规划许可日起，已建成的从建成日起。",
                "A new one counts from its permit.",
            )
        ],
    )


@of_estate(Action.ESTATE_WRITE)
def rename_estate(request: HttpRequest, estate: Estate) -> HttpResponse:
    form = Renaming(given(request))
    if form.is_valid():
        with telling(form):
            registering.rename(by=request.user, estate=estate, **form.cleaned_data)
            return done(request, say("已更名。", "It is renamed."), page_of(estate))
    title, button = say(f"{estate.name}更名", f"Rename {estate.name}"), say("更名", "Rename it")
    return fill_in(request, form, title=title, button=button, back=(page_of(estate), estate.name))


@of_estate(Action.ESTATE_WRITE)
def close_estate(request: HttpRequest, estate: Estate) -> HttpResponse:
    form = Closing(given(request))
    if form.is_valid():
        with telling(form):
            registering.close(by=request.user, estate=estate, **form.cleaned_data)
            return done(request, say("已登记注销。", "It is recorded as closed."), page_of(estate))
    question = Question(
        title=say(f"{estate.name}注销", f"{estate.name} closes"),
        points=(
            say("从注销日起不再计入任何标准和缺口。", "From that day on no standard and no shortfall counts it."),
            say("此登记不能撤销。", "This cannot be undone."),
        ),
        button=say("登记注销", "Record that it closed"),
        back=page_of(estate),
    )
    return ask(request, question, form)


@of_estate(Action.ESTATE_WRITE)
def new_fact(request: HttpRequest, estate: Estate, estate_fact: str) -> HttpResponse:
    if estate_fact not in BOOKS[ESTATE].facts:
        raise Http404
    return _record(request, estate, estate_fact)


@of_pool(Action.ESTATE_WRITE)
def new_pool_fact(request: HttpRequest, pool: Pool, pool_fact: str) -> HttpResponse:
    if pool_fact not in POOL_RECORDED:
        raise Http404
    return _record(request, pool, pool_fact)


def _record(request: HttpRequest, of: Estate | Pool, name: str) -> HttpResponse:
    fact = BOOKS[registering.subject_of(of)].facts[name]
    form = NewFact(given(request), fact=fact)
    if form.is_valid():
        with telling(form):
            registering.record_fact(by=request.user, of=of, fact=name, **form.cleaned_data)
            return done(request, say("已记录。", "It is recorded."), page_of(of))
    title = say(f"记录{fact.label.zh}", f"Record: {fact.label.en}")
    button = say("记录", "Record it")
    return fill_in(request, form, title=title, button=button, back=(page_of(of), of.name), hints=_HINTS)


@of_estate(Action.ESTATE_WRITE)
def retract_fact(request: HttpRequest, estate: Estate, estate_record: int) -> HttpResponse:
    return _retract(request, estate, get_object_or_404(_records(ESTATE).filter(estate=estate), pk=estate_record))


@of_pool(Action.ESTATE_WRITE)
def retract_pool_fact(request: HttpRequest, pool: Pool, pool_record: int) -> HttpResponse:
    return _retract(request, pool, get_object_or_404(_records(POOL).filter(pool=pool), pk=pool_record))


def _records(subject: str) -> QuerySet[FactRecord]:
    return FactRecord.objects.filter(retraction=None, fact__in=BOOKS[subject].facts)


def _retract(request: HttpRequest, of: Estate | Pool, record: FactRecord) -> HttpResponse:
    form = Reason(given(request))
    if form.is_valid():
        with telling(form):
            registering.retract(by=request.user, record=record, reason=form.cleaned_data["reason"])
            return done(request, say("已撤回。", "It is retracted."), page_of(of))
    label = BOOKS[registering.subject_of(of)].facts[record.fact].label
    question = Question(
        title=say(f"撤回{of.name}的{label.zh}", f"Retract of {of.name}: {label.en}"),
        points=(say("此记录从未正确过，今后不再计入任何一天。", "It was never right, and counts no more."),),
        button=say("撤回", "Retract it"),
        back=page_of(of),
    )
    return ask(request, question, form)
