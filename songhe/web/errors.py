"""What went wrong is told by the face it happened in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.console import errors as console
from songhe.portal import errors as portal
from songhe.web.staff import is_staff_path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _face(request).bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return console.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _face(request).not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _face(request).server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _face(request).csrf_failure(request, reason)


def _face(request: HttpRequest) -> Any:
    return console if is_staff_path(request) else portal
