"""The headers every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Staff's pages fetch parts of themselves by a script of ours, the pictures in a stylesheet are data, and without a
# referrer a browser does not tell Django that a form comes from this site.
STAFF_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": "; ".join(
        (
            CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:"),
            "script-src 'self'",
            "connect-src 'self'",
        )
    ),
    "Referrer-Policy": "same-origin",
}


class SecurityHeaders:
    """Middleware that sets the headers, also on static files and errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = STAFF_HEADERS if request.path_info.startswith(settings.STAFF_PATHS) else HEADERS
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
