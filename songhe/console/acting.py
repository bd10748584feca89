"""Doing what a form asks: what cannot be done is said beside the form, what does harm is asked once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from songhe.common.text import Text, say
from songhe.console.forms import Form
from songhe.console.page import page_of, show

READ_AND_WRITE = ("GET", "HEAD", "POST")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked before something is done: what will follow, the word on the button, and the way back.

    `first` are pages (address, name) where something must be done before.
    """

    title: Text
    points: Sequence[Text]
    button: Text
    back: str
    is_harmful: bool = True
    first: Sequence[tuple[str, Text]] = ()


def given(request: HttpRequest) -> object:
    """What was sent, also when it was nothing at all; None when nothing was to be sent."""
    return request.POST if request.method == "POST" else None


@contextmanager
def telling(form: Form) -> Iterator[None]:
    """An error of a domain, which says in `zh` and `en` what is wrong, becomes a problem of the form."""
    try:
        yield
    except ValueError as error:
        if not (hasattr(error, "zh") and hasattr(error, "en")):
            raise
        form.add_problem(None, say(error.zh, error.en))


def ask(request: HttpRequest, question: Question, form: Form) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return show(request, "confirm.html", {"question": question, "form": form}, status=status)


def done(request: HttpRequest, text: Text, address: str) -> HttpResponse:
    """On to the next page, which says what was done."""
    messages.success(request, text.in_language(page_of(request).language))
    return HttpResponseRedirect(address)


def never_stored(response: HttpResponse) -> HttpResponse:
    """No browser and no proxy keeps the page."""
    response.headers["Cache-Control"] = "no-store"
    return response
