"""Views of one organisation: out of reach it is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import Text
from songhe.console.acting import READ_AND_WRITE
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.organisations.models import Organisation
from songhe.organisations.queries import organisations_for

View = Callable[..., HttpResponse]


def of_organisation(*actions: Action, methods: tuple[str, ...] = READ_AND_WRITE) -> Callable[[View], View]:
    """A view of one organisation, which gets `organisation` as itself."""

    def decorate(view: View) -> View:
        @staff(*actions, methods=methods)
        @wraps(view)
        def opened(request: HttpRequest, organisation: UUID, **kwargs: Any) -> HttpResponse:
            found = get_object_or_404(organisations_for(request.user), public_id=organisation)
            return view(request, found, **kwargs)

        return opened

    return decorate


def page_of(organisation: Organisation) -> str:
    return reverse("console:organisation", args=[organisation.public_id])


def fill_in(
    request: HttpRequest, form: Form, *, title: Text, button: Text, back: tuple[str, str], hints: Sequence[Text] = ()
) -> HttpResponse:
    """A form to fill in; `back` is where it leads back to: the address and its name."""
    context = {"form": form, "title": title, "button": button, "back": back, "hints": hints}
    return show(request, "organisations/form.html", context, status=422 if form.is_bound else 200)
