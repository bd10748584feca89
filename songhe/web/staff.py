"""Sessions, sign-in and their middleware, for the staff's paths alone.

The public's pages keep nothing and set no cookie. A middleware of Django runs for every path, so the ones that know
people stand in a chain of their own, STAFF_MIDDLEWARE, which a request enters by its path.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from songhe.common.memory import remembering
from songhe.console import errors


class StaffMiddleware:
    """Sends requests below STAFF_PATHS through STAFF_MIDDLEWARE, and all others past it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.past = self.through = get_response
        self.chain: list[Any] = []
        for name in reversed(settings.STAFF_MIDDLEWARE):
            middleware = import_string(name)(self.through)
            self.chain.insert(0, middleware)
            # As Django does: an error in one of them becomes an answer which those around it still see.
            self.through = convert_exception_to_response(middleware)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_staff_path(request):
            return self.past(request)
        # What is only read is read from one state of roles and divisions.
        with remembering() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.through(request)
        # What staff see is about people: no cache keeps it.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Django asks the middleware it knows, which is this one; the check for forged requests happens here."""
        if not is_staff_path(request):
            return None
        asked = (one.process_view(request, view, args, kwargs) for one in self.chain if hasattr(one, "process_view"))
        return next((response for response in asked if response is not None), None)


def is_staff_path(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.STAFF_PATHS)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a sign-in answers after too many wrong passwords."""
    return errors.locked_out(request, int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60)
