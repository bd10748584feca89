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

# Without a referrer a browser does not say either where the forms of a person's own pages come from.
CITIZEN_HEADERS = {**HEADERS, "Referrer-Policy": "same-origin"}


def headers_for(path: str) -> dict[str, str]:
    """The headers of an address."""
    if path.startswith(settings.STAFF_PATHS):
        return STAFF_HEADERS
    return CITIZEN_HEADERS if path.startswith(settings.CITIZEN_PATHS) else HEADERS


class SecurityHeaders:
    """Middleware that sets the headers, also on static files and errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in headers_for(request.path_info).items():
            response.headers.setdefault(name, value)
        return response
