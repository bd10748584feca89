"""`/healthz`: whether this process can decide anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.portal.shelf import open_shelf


def health(request: HttpRequest) -> HttpResponse:
    """200 with the packages that serve, 503 when there is none."""
    packages = open_shelf().packages
    status = 200 if packages else 503
    lines = [f"{'ok' if packages else 'no policy package'}\n", *(f"{package.id}\n" for package in packages)]
    response = HttpResponse("".join(lines), status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
