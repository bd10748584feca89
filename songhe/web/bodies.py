"""How large a request may be: small everywhere, larger at the few addresses of settings.LARGE_BODIES."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

_TOO_LARGE = {"zh": "请求太大，请分几次发送", "en": "The request is too large; send it in parts."}


def limit_for(path: str) -> int:
    """Bytes, for requests to this path."""
    sizes = [size for prefix, size in settings.LARGE_BODIES.items() if path.startswith(prefix)]
    return max(sizes, default=settings.MAX_BODY)


class LargeBodies:
    """Lets a body pass that Django itself would find too large. Forms with files have limits of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = limit_for(request.path_info)
        if limit > settings.MAX_BODY and request.content_type == "application/json":
            body = request.read(limit + 1)
            if len(body) > limit:
                return JsonResponse({"detail": _TOO_LARGE}, status=413)
            request._body = body
        return self.get_response(request)
