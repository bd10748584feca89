"""Who speaks for which unit: the list, a new seat, the end of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.models import User
from songhe.accounts.scope import divisions_for, visible
from songhe.common import clock
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.page import show, staff
from songhe.console.places import names_of
from songhe.console.plan.forms import EndSeat, NewSeat
from songhe.pages.keyset import window
from songhe.plan.domain.seats import end_seat, give_seat
from songhe.plan.models import Seat
from songhe.plan.packages import packages_with_tasks
from songhe.plan.queries import own_places, seats_for
from songhe.policy.package import Package

_LIST = "console:plan-seats"


@staff(Action.PLAN_READ)
def seat_list(request: HttpRequest) -> HttpResponse:
    page = window(seats_for(request.user), by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    names = names_of(seat.division_id for seat in page.rows)
    rows = [{"seat": seat, "place": names.get(seat.division_id, ""), "last": _last(seat)} for seat in page.rows]
    return show(request, "plan/seats.html", {"window": page, "rows": rows, "today": clock.today()})


@staff(Action.PLAN_CONFIRM, methods=READ_AND_WRITE)
def new_seat(request: HttpRequest) -> HttpResponse:
    packages = _packages(request)
    form = NewSeat(given(request), within=divisions_for(request.user, Action.PLAN_CONFIRM), packages=packages)
    if form.is_valid():
        asked = form.cleaned_data
        user = User.objects.filter(username=asked["username"].strip(), is_active=True).first()
        if user is None:
            form.add_problem("username", say("没有这个用户。", "There is no such user."))
        else:
            with telling(form):
                give_seat(
                    by=request.user,
                    user=user,
                    package=next(one for one in packages if one.id == asked["package"]),
                    unit=asked["unit"].strip(),
                    division_id=asked["division"].id,
                    valid_from=asked["valid_from"],
                    valid_to=asked["valid_to"],
                )
                return done(request, say("已指定。", "The seat is given."), reverse(_LIST))
    return show(request, "plan/seat.html", {"form": form, "is_new": True}, status=422 if form.is_bound else 200)


@staff(Action.PLAN_CONFIRM, methods=READ_AND_WRITE)
def close_seat(request: HttpRequest, plan_seat: int) -> HttpResponse:
    held = visible(Seat.objects.filter(end=None).select_related("user"), request.user, Action.PLAN_CONFIRM)
    seat = get_object_or_404(held, pk=plan_seat)
    form = EndSeat(given(request), initial={"last_day": clock.today()})
    if form.is_valid():
        with telling(form):
            end_seat(by=request.user, seat=seat, **form.cleaned_data)
            return done(request, say("已终止。", "The seat is ended."), reverse(_LIST))
    return show(request, "plan/seat.html", {"form": form, "seat": seat}, status=422 if form.is_bound else 200)


def _packages(request: HttpRequest) -> list[Package]:
    places = own_places(request.user, clock.today())
    found = {one.id: one for place in places for one in packages_with_tasks(place, clock.today())}
    return list(found.values())


def _last(seat: Seat) -> object:
    end = getattr(seat, "end", None)
    return end.last_day if end else seat.valid_to
