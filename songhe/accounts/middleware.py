"""What stands between staff and their pages: how long a session lasts, and what must be done before anything else.

These run for the staff's paths alone; see songhe.web.staff.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from songhe.accounts.queries import needs_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# How exactly the last request is remembered: a session is not written with every one.
_EXACTNESS = 60


def start_session(request: HttpRequest) -> None:
    """Both clocks of a session begin; called at sign-in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = _now()


class SessionLimits:
    """Ends a session that was idle for SESSION_IDLE seconds, or is older than SESSION_COOKIE_AGE however busy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if limit := _limit_passed(request):
                # The trail tells a time-out from a sign-out by this.
                request.session_limit = limit
                logout(request)
            elif _now() - request.session[SEEN_AT] >= _EXACTNESS:
                request.session[SEEN_AT] = _now()
        return self.get_response(request)


def _limit_passed(request: HttpRequest) -> Literal["idle", "absolute", ""]:
    # A session without clocks was not begun at sign-in: it is over.
    signed_in, seen = request.session.get(SIGNED_IN_AT, 0), request.session.get(SEEN_AT, 0)
    if _now() - signed_in >= settings.SESSION_COOKIE_AGE:
        return "absolute"
    return "idle" if _now() - seen >= settings.SESSION_IDLE else ""


def _now() -> int:
    return int(timezone.now().timestamp())


Obstacle = Literal["sign_in", "password", "second_factor", ""]


class Gate:
    """Nobody passes who is not signed in, has a password of somebody else's making, or owes a second factor.

    Pages lead to where it can be done, everything else answers 403. Under /api/ nobody signed in is let through to the
    API's own authentication, which refuses by default.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        what = obstacle(request)
        if not what or request.path_info in settings.GATE_OPEN_PATHS:
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return self.get_response(request) if what == "sign_in" else _forbidden()
        if request.method not in ("GET", "HEAD"):
            return _forbidden()
        return _lead(request, settings.GATE_PATHS[what])


def obstacle(request: HttpRequest) -> Obstacle:
    """What the user must do first; empty when the way is free."""
    user = request.user
    if not user.is_authenticated:
        return "sign_in"
    if user.must_change_password:
        return "password"
    return "second_factor" if not user.is_verified() and needs_second_factor(user) else ""


def _lead(request: HttpRequest, path: str) -> HttpResponse:
    return HttpResponseRedirect(f"{path}?{urlencode({'next': request.get_full_path()})}")


def _forbidden() -> HttpResponse:
    return HttpResponse(
        "请先登录、更改初始密码并完成第二因素验证。\n"
        "Sign in, change the first password and give the second factor first.\n",
        status=403,
        content_type="text/plain; charset=utf-8",
    )
