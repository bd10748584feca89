"""A page of the console: its language, the menu beside it, and who is reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.queries import actions_of
from songhe.accounts.scope import OutOfScope
from songhe.console.menu import menu_for

LANGUAGE = "language"
ENGLISH = "en"
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Page:
    """What every template of the console finds as `page`; `address` is where a form leads back to."""

    language: str
    address: str
    is_part: bool

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def html_language(self) -> str:
        return "en" if self.is_english else "zh-Hans"


def page_of(request: HttpRequest) -> Page:
    session = getattr(request, "session", {})
    language = ENGLISH if session.get(LANGUAGE) == ENGLISH else "zh"
    return Page(language, request.get_full_path(), request.headers.get("HX-Request") == "true")


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A template of the console with the menu of whoever is signed in."""
    everywhere = {"page": page_of(request), "menu": list(menu_for(actions_held(request))), "actions": _held(request)}
    return render(request, f"console/{template}", {**everywhere, **(context or {})}, status=status)


def actions_held(request: HttpRequest) -> frozenset[Action]:
    """What the user may do somewhere: for menus and buttons. Asked of the database once a request."""
    if not hasattr(request, "_songhe_actions"):
        user = getattr(request, "user", None)
        request._songhe_actions = actions_of(user) if user is not None and user.is_authenticated else frozenset()
    held: frozenset[Action] = request._songhe_actions
    return held


def _held(request: HttpRequest) -> frozenset[str]:
    """`'person.write' in actions` in a template."""
    return frozenset(action.value for action in actions_held(request))


def staff(
    *actions: Action, methods: tuple[str, ...] = ("GET", "HEAD"), open_to_all: bool = False
) -> Callable[[View], View]:
    """A view for those who may do one of these things somewhere; what they see there is up to `visible`.

    Without actions it is for everybody who is signed in, and with `open_to_all` for those at the door as well.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not open_to_all and not request.user.is_authenticated:
                return HttpResponseRedirect(reverse("console:sign-in"))
            if actions and not actions_held(request) & set(actions):
                raise OutOfScope(f"您的角色不能做这件事： Your roles do not allow this: {actions[0]}")
            return view(request, *args, **kwargs)

        guarded.actions = actions
        guarded.methods = methods
        return guarded

    return decorate
