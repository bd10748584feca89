"""The door: signing in and out, the password, the second factor, and the language of the page."""

from __future__ import annotations

import segno
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.domain import passwords
from songhe.accounts.domain import second_factor as factor
from songhe.accounts.errors import AccountError
from songhe.accounts.models import User
from songhe.common.text import say
from songhe.console.page import ENGLISH, LANGUAGE, show, staff
from songhe.console.session.forms import ChangePassword, Digits, SignIn

_READ_AND_WRITE = ("GET", "HEAD", "POST")
_WRONG = say("用户名或密码不正确。", "User name or password is wrong.")
_WRONG_DIGITS = say(
    "验证码不正确，或刚刚用过。请等应用显示新的六位数字后再试。",
    "The digits are wrong or were just used. Wait for new ones and try again.",
)


def _next(request: HttpRequest) -> str:
    """Where to go on, inside this site; the first page of the console without one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if inside and wanted.startswith("/console/") else reverse("console:home")


@staff(methods=_READ_AND_WRITE, open_to_all=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("console:home"))
    form = SignIn(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        user = authenticate(request, username=given["username"].strip().lower(), password=given["password"])
        if isinstance(user, User):
            language = request.session.get(LANGUAGE)
            login(request, user)
            request.session[LANGUAGE] = language
            return HttpResponseRedirect(_next(request))
        form.add_problem(None, _WRONG)
    status = 422 if form.is_bound else 200
    return show(request, "session/sign_in.html", {"form": form, "next": _next(request)}, status=status)


@staff(methods=("POST",), open_to_all=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("console:sign-in"))


@staff(methods=_READ_AND_WRITE)
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePassword(request.POST or None)
    if form.is_valid():
        try:
            passwords.change_password(user=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except AccountError as error:
            form.add_problem(None, say(error.zh, error.en))
        else:
            update_session_auth_hash(request, request.user)
            return HttpResponseRedirect(_next(request))
    context = {"form": form, "next": _next(request), "must": request.user.must_change_password}
    return show(request, "session/password.html", context, status=422 if form.is_bound else 200)


@staff(methods=_READ_AND_WRITE)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Sets one up who has none, and asks for its digits who has."""
    if request.user.is_verified():
        return HttpResponseRedirect(_next(request))
    is_set = TOTPDevice.objects.filter(user=request.user, confirmed=True).exists()
    form = Digits(request.POST or None)
    if form.is_valid() and (device := _given(request, form, is_set)):
        otp_login(request, device)
        return HttpResponseRedirect(_next(request))
    # Nothing of the menu opens before the second factor.
    context = {"form": form, "next": _next(request), "is_set": is_set, "menu": ()}
    context |= {} if is_set else _setting_up(request.user)
    return show(request, "session/second_factor.html", context, status=422 if form.is_bound else 200)


def _given(request: HttpRequest, form: Digits, is_set: bool) -> TOTPDevice | None:
    digits = form.cleaned_data["digits"]
    try:
        device = (factor.verify if is_set else factor.confirm)(user=request.user, digits=digits)
    except AccountError:
        device = None
    if device is None:
        form.add_problem("digits", _WRONG_DIGITS)
    return device


def _setting_up(user: User) -> dict[str, str]:
    """The same secret until it is confirmed: who reloads the page need not scan again."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first() or factor.begin(user=user)
    picture = segno.make(device.config_url, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return {"picture": picture, "secret": device.config_url.split("secret=")[1].split("&")[0]}


@staff(methods=("POST",), open_to_all=True)
def switch_language(request: HttpRequest) -> HttpResponse:
    request.session[LANGUAGE] = ENGLISH if request.POST.get("language") == ENGLISH else "zh"
    return HttpResponseRedirect(_next(request))
