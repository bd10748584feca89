"""Recording about a person: a new file, a fact, a death, and taking a record back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given
from songhe.console.page import show, staff
from songhe.console.people.acting import beside_fields, fill_in, recorded
from songhe.console.people.file import span
from songhe.console.people.forms import Death, NewFile, Reason, RecordFact
from songhe.console.people.opening import head_of, of_person
from songhe.registry.domain import desk
from songhe.registry.domain.statements import Statement
from songhe.registry.groups import group_of
from songhe.registry.models import FactRecord, Person
from songhe.registry.queries import shown
from songhe.registry.vocabulary import fact_names, label
from songhe.registry.words import in_words, source_name

_SAVED = say("已登记。", "It is recorded.")
_NOTHING_NEW = say("此来源早已这样登记，没有重复登记。", "This source had said so already; nothing was added.")
_DEATHS = ("alive", "death_date")


@staff(Action.PERSON_WRITE, methods=READ_AND_WRITE)
def new_file(request: HttpRequest) -> HttpResponse:
    form, there = NewFile(given(request), user=request.user), None
    if form.is_valid():
        asked = form.cleaned_data
        said = [Statement(fact, asked[fact]) for fact in NewFile.FACTS if asked[fact] not in (None, "")]
        with beside_fields(form):
            try:
                person = desk.open_file(
                    user=request.user, source=asked["source"], statements=said, is_another=asked["is_another"]
                )
            except desk.AlreadyThere as error:
                there = error.person
                raise
            text = say("档案已建立。", "The file is open.")
            return done(request, text, reverse("console:person", args=[person.public_id]))
    context = {"form": form, "there": there}
    return show(request, "people/new.html", context, status=422 if form.is_bound else 200)


@of_person(Action.PERSON_WRITE, methods=READ_AND_WRITE)
def record_fact(request: HttpRequest, person: Person, fact: str) -> HttpResponse:
    if fact in _DEATHS:
        return HttpResponseRedirect(reverse("console:person-death", args=[person.public_id]))
    if fact not in fact_names():
        raise Http404
    form = RecordFact(given(request), user=request.user, fact=fact)

    def record() -> object:
        asked = form.cleaned_data
        said = Statement(fact, form.said, asked["valid_from"], asked["valid_to"])
        made = desk.record(user=request.user, person=person, source=asked["source"], statements=[said])
        return _SAVED if made.records else _NOTHING_NEW

    title = say(f"登记：{label(fact).zh}", f"Record: {label(fact).en}")
    hint = say(
        "起止不填，表示一直如此。新的记录不改动以前的记录。",
        "Without days it holds ever since. Earlier records stay as they are.",
    )
    return fill_in(request, person, form, title, record, hint=hint, **{fact: "value"})


@of_person(Action.PERSON_WRITE, methods=READ_AND_WRITE)
def record_death(request: HttpRequest, person: Person) -> HttpResponse:
    """Asked for first, then shown once more before it is recorded."""
    form = Death(given(request), user=request.user)
    if form.is_valid():
        asked = form.cleaned_data
        if request.POST.get("sure") != "1":
            return show(request, "people/death.html", {"person": person, "head": head_of(person), "form": form})
        with beside_fields(form):
            desk.record_death(user=request.user, person=person, source=asked["source"], on=asked["on"])
            return recorded(request, person, say("死亡已登记。", "The death is recorded."))
    return fill_in(request, person, form, say("登记死亡", "Record the death"), lambda: _SAVED)


@of_person(Action.PERSON_WRITE, methods=READ_AND_WRITE)
def retract(request: HttpRequest, person: Person, record: int) -> HttpResponse:
    stated = get_object_or_404(FactRecord, pk=record, person__in=group_of(person.pk), retraction=None)
    form = Reason(given(request))
    if form.is_valid():
        with beside_fields(form, retraction="reason"):
            desk.retract(user=request.user, person=person, record=stated, reason=form.cleaned_data["reason"])
            return recorded(request, person, say("记录已撤回。", "The record is taken back."), part="person-timeline")
    name, value = label(stated.fact), in_words(stated.fact, shown(stated))
    days, source = span(stated.valid_from, stated.valid_to), source_name(stated.source)
    question = Question(
        title=say("撤回记录", "Take a record back"),
        points=[
            say(f"{name.zh}：{value.zh}（{source.zh}，{days.zh}）", f"{name.en}: {value.en} ({source.en}, {days.en})"),
            say(
                "撤回后，这条记录对任何日期都不再算数；撤回前的情况仍可查到。",
                "From now on it counts for no day at all; what was known before stays readable.",
            ),
        ],
        button=say("撤回", "Take it back"),
        back=reverse("console:person-timeline", args=[person.public_id]),
    )
    return ask(request, question, form)
