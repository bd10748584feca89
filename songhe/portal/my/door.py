"""Who is at the door: the cookie of a sitting, what every personal page does before and after it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect

from songhe.citizens.domain.sittings import LONGEST, Visit, note_page, visit_of
from songhe.common.text import Text
from songhe.portal.errors import not_allowed
from songhe.portal.page import ENGLISH, page_of

P = ParamSpec("P")
# Sent to these pages alone; a session of staff is another cookie, of which nothing here knows.
COOKIE, TICKET = "songhe_my", "songhe_my_number"
_SALT, _PATH = "songhe.my", "/my/"
READ, READ_AND_WRITE, WRITE = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)


def keep(response: HttpResponse, name: str, value: str) -> None:
    """A signed cookie that ends with the browser; the server ends it sooner."""
    response.set_signed_cookie(
        name, value, salt=_SALT, path=_PATH, httponly=True, samesite="Strict", secure=settings.PRODUCTION
    )


def drop(response: HttpResponse, name: str) -> None:
    response.delete_cookie(name, path=_PATH, samesite="Strict")


def kept(request: HttpRequest, name: str) -> str:
    """What a cookie of ours says; empty for one that is not ours, or too old."""
    found = request.get_signed_cookie(name, default="", salt=_SALT, max_age=int(LONGEST.total_seconds()))
    return str(found)


def open_to_all(methods: Sequence[str]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The pages before the door: nobody is known, nothing is kept by a browser."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return not_allowed(request, ", ".join(methods))
            return _private(view(request, *args, **kwargs))

        return csrf_protect(answer)

    return wrap


def mine(
    page: str, methods: Sequence[str] = READ
) -> Callable[[Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A page of somebody who is signed in; others are led to the door. `page` is what the audit trail calls it."""

    def wrap(view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            visit = visit_of(kept(request, COOKIE))
            if visit is None:
                return _to_the_door(request)
            if request.method not in methods:
                return not_allowed(request, ", ".join(methods))
            response = view(request, visit, *args, **kwargs)
            if response.status_code < 300:
                note_page(visit, page)
            return _private(response)

        return csrf_protect(answer)

    return wrap


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the portal below `my/`, in its language and text size."""
    page = page_of(request)
    more = {
        "page": page,
        "other_language": page.switched(language="zh" if page.is_english else ENGLISH),
        "other_size": page.switched(is_large=not page.is_large),
        "is_mine": True,
    }
    return render(request, f"portal/my/{template}", {**more, **context}, status=status)


def go(request: HttpRequest, name: str, *arguments: object) -> HttpResponse:
    """On to another page, in the same language and text size."""
    return HttpResponseRedirect(page_of(request).link(name, *arguments))


def in_words(request: HttpRequest, text: Text) -> str:
    return text.in_language(page_of(request).language)


def _to_the_door(request: HttpRequest) -> HttpResponse:
    response = go(request, "my-sign-in")
    drop(response, COOKIE)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
