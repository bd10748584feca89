"""Users: who works here, what they may do, and how they come in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.actions import Action
from songhe.accounts.domain import passwords, users
from songhe.accounts.models import User
from songhe.accounts.queries import told, user_history, users_for
from songhe.accounts.scope import divisions_for
from songhe.console.acting import READ_AND_WRITE, given, never_stored, telling
from songhe.console.page import actions_held, show, staff
from songhe.console.places import names_of
from songhe.console.users.detail import held_by, why_not
from songhe.console.users.forms import Filters, NewUser
from songhe.console.users.list import rows, wanted
from songhe.divisions.models import Division
from songhe.pages.keyset import count_up_to, window

_HISTORY = 30


@staff(Action.USER_READ)
def user_list(request: HttpRequest) -> HttpResponse:
    form = Filters(request.GET)
    found = wanted(request.user, form.cleaned_data if form.is_valid() else {})
    page = window(found, by="username", cursor=request.GET.get("cursor", ""))
    number, is_more = count_up_to(found)
    context = {"form": form, "window": page, "rows": rows(request.user, page.rows), "number": number, "more": is_more}
    return show(request, "users/list.html", context)


@staff(Action.USER_READ)
def user_page(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(users_for(request.user), pk=user_id)
    obstacle = why_not(request.user, user) if Action.USER_MANAGE in actions_held(request) else None
    manages = Action.USER_MANAGE in actions_held(request) and obstacle is None
    context = {
        "shown": user,
        "place": names_of([user.division_id]).get(user.division_id, ""),
        "held": held_by(request.user, user, manages=manages),
        "manages": manages,
        "obstacle": obstacle,
        "has_factor": TOTPDevice.objects.filter(user=user, confirmed=True).exists(),
        "history": [(entry, told(entry)) for entry in user_history(request.user, user)[:_HISTORY]],
    }
    return show(request, "users/user.html", context)


@staff(Action.USER_MANAGE, methods=READ_AND_WRITE)
def new_user(request: HttpRequest) -> HttpResponse:
    """The first password is in the answer to the form and nowhere else: it is not kept to be shown again."""
    form = NewUser(given(request), within=divisions_for(request.user, Action.USER_MANAGE))
    if form.is_valid():
        asked, password = form.cleaned_data, passwords.temporary_password()
        with telling(form):
            made = users.create_user(
                username=asked["username"],
                display_name=asked["display_name"],
                password=password,
                division=Division(pk=asked["division"].id),
                by=request.user,
            )
            return show_password(request, made, password, is_new=True)
    return show(request, "users/new.html", {"form": form}, status=422 if form.is_bound else 200)


def show_password(request: HttpRequest, user: User, password: str, *, is_new: bool) -> HttpResponse:
    context = {"shown": user, "password": password, "is_new": is_new}
    return never_stored(show(request, "users/password.html", context))
