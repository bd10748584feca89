"""Views of one estate or pool: out of reach it is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import Text
from songhe.console.acting import READ_AND_WRITE
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.facilities.models import Estate, MakeUp, Pool

View = Callable[..., HttpResponse]
READ = ("GET", "HEAD")


def of_estate(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    """A view of one estate, which gets `estate` as itself."""
    return _of(Estate, "estate", actions, methods)


def of_pool(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    """A view of one pool, which gets `pool` as itself."""
    return _of(Pool, "pool", actions, methods)


def of_make_up(*actions: Action) -> Callable[[View], View]:
    """A view of one way to make up, which gets `make_up` as itself."""
    return _of(MakeUp, "make_up", actions, READ_AND_WRITE)


def _of(
    model: type[Estate] | type[Pool] | type[MakeUp], name: str, actions: Sequence[Action], methods: tuple[str, ...]
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @staff(*actions, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            wanted: UUID = kwargs.pop(name)
            found = visible(model._default_manager.all(), request.user, Action.ESTATE_READ)
            return view(request, get_object_or_404(found, public_id=wanted), **kwargs)

        return opened

    return decorate


def page_of(one: Estate | Pool) -> str:
    return reverse(f"console:{'estate' if isinstance(one, Estate) else 'pool'}", args=[one.public_id])


def fill_in(
    request: HttpRequest, form: Form, *, title: Text, button: Text, back: tuple[str, str], hints: Sequence[Text] = ()
) -> HttpResponse:
    """A form to fill in; `back` is where it leads back to: the address and its name."""
    context = {"form": form, "title": title, "button": button, "back": back, "hints": hints}
    return show(request, "facilities/form.html", context, status=422 if form.is_bound else 200)
