"""The smallest pages that staff could have, beside the public's real ones."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django_otp import login as otp_login

from songhe.accounts.domain import second_factor


@csrf_exempt
def sign_in(request: HttpRequest) -> HttpResponse:
    user = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if user is None:
        return HttpResponse("wrong", status=401)
    login(request, user)
    return HttpResponse("welcome")


@csrf_exempt
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponse("goodbye")


@csrf_exempt
def give_digits(request: HttpRequest) -> HttpResponse:
    device = second_factor.verify(user=request.user, digits=request.POST["digits"])
    if device is None:
        return HttpResponse("wrong", status=401)
    otp_login(request, device)
    return HttpResponse("verified")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"hello {getattr(request, 'user', 'nobody known')}")


def broken(request: HttpRequest) -> HttpResponse:
    request.session["touched"] = True
    raise RuntimeError("a mistake")


urlpatterns = [
    path("console/", page),
    path("console/sign-in/", sign_in),
    path("console/sign-out/", sign_out),
    path("console/password/", page),
    path("console/second-factor/", give_digits),
    path("console/broken/", broken),
    path("api/people", page),
    path("", include("songhe.web.urls")),
]

handler400 = "songhe.portal.errors.bad_request"
handler404 = "songhe.portal.errors.not_found"
handler500 = "songhe.portal.errors.server_error"
