"""Addresses for the benchmark: Songhe's own, and pages that say nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def known(request: HttpRequest) -> HttpResponse:
    """Behind the sign-in, like every page of the console."""
    return HttpResponse(f"hello {request.user.get_username()}")


urlpatterns = [
    path("bench-bare/", hello),
    path("console/bench-bare/", known),
    path("", include("songhe.web.urls")),
]
