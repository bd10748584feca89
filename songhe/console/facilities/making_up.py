"""Ways to make up what lacks: planned, stated as done, confirmed by somebody else, or given up."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import Question, ask, done, given, telling
from songhe.console.facilities.forms import Done, NewMakeUp, Reason
from songhe.console.facilities.opening import fill_in, of_estate, of_make_up, page_of
from songhe.console.forms import Form
from songhe.facilities.domain import making_up
from songhe.facilities.errors import FacilityError
from songhe.facilities.models import Estate, MakeUp


@of_estate(Action.ESTATE_WRITE)
def plan(request: HttpRequest, estate: Estate, policy_id: str, standard: str) -> HttpResponse:
    try:
        ways = making_up.ways_of(policy_id, standard)
    except FacilityError:
        raise Http404 from None
    if not ways:
        raise Http404
    form = NewMakeUp(given(request), ways=ways)
    if form.is_valid():
        with telling(form):
            making_up.plan(by=request.user, estate=estate, package=policy_id, standard=standard, **form.cleaned_data)
            return done(request, say("已列入计划。", "It is planned."), page_of(estate))
    return fill_in(
        request,
        form,
        title=say("计划补足", "Plan to make it up"),
        button=say("列入计划", "Plan it"),
        back=(page_of(estate), estate.name),
        hints=[say("完成并经另一人复核后，才计入小区的用房面积。", "It counts once another person confirms it.")],
    )


@of_make_up(Action.ESTATE_WRITE)
def state_done(request: HttpRequest, make_up: MakeUp) -> HttpResponse:
    back = page_of(make_up.estate)
    form = Done(given(request), initial={"square_metres": make_up.done_square_metres or make_up.square_metres})
    if form.is_valid():
        with telling(form):
            making_up.state_done(by=request.user, make_up=make_up, **form.cleaned_data)
            return done(request, say("已填报，待另一人复核。", "Stated; another person has to confirm it."), back)
    return fill_in(
        request,
        form,
        title=say(f"填报{make_up.way}已完成", f"State it as done: {make_up.way}"),
        button=say("填报", "State it"),
        back=(back, make_up.estate.name),
        hints=[say("面积是此次补足的，不是合计。", "The area is what was added, not the whole.")],
    )


@of_make_up(Action.ESTATE_WRITE)
def confirm(request: HttpRequest, make_up: MakeUp) -> HttpResponse:
    if make_up.done_by is None:
        raise Http404
    form, back = Form(given(request)), page_of(make_up.estate)
    if form.is_valid():
        with telling(form):
            making_up.confirm(by=request.user, make_up=make_up)
            return done(request, say("已复核，计入用房面积。", "Confirmed, and counted as premises."), back)
    area, day = make_up.done_square_metres, make_up.done_on
    question = Question(
        title=say(f"复核{make_up.estate.name}的补足", f"Confirm what was made up for {make_up.estate.name}"),
        points=(
            say(
                f"{make_up.way}{area}平方米，完成于{day}，依据：{make_up.done_document}",
                f"{area} square metres by {make_up.way}, done on {day}; document: {make_up.done_document}",
            ),
            say(
                f"由{make_up.done_by.display_name}填报，须由另一人复核。",
                f"Stated by {make_up.done_by.display_name}; somebody else confirms it.",
            ),
        ),
        button=say("复核无误", "Confirm it"),
        back=back,
        is_harmful=False,
    )
    return ask(request, question, form)


@of_make_up(Action.ESTATE_WRITE)
def give_up(request: HttpRequest, make_up: MakeUp) -> HttpResponse:
    form, back = Reason(given(request)), page_of(make_up.estate)
    if form.is_valid():
        with telling(form):
            making_up.give_up(by=request.user, make_up=make_up, reason=form.cleaned_data["reason"])
            return done(request, say("计划已取消。", "The plan is given up."), back)
    question = Question(
        title=say(f"取消{make_up.estate.name}的补足计划", f"Give up the plan for {make_up.estate.name}"),
        points=(say("缺口仍在，需要另行计划。", "What lacks still lacks, and has to be planned otherwise."),),
        button=say("取消计划", "Give it up"),
        back=back,
    )
    return ask(request, question, form)
