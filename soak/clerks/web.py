"""A browser without a screen: cookies, forms, and what a person makes of an answer."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from soak.city import PASSWORD, digits
from soak.clerks.working import NoAnswer, Refused

_SECONDS, _STEP = 30, 30
_BOUNDARY = "songhe-soak-boundary"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where a form leads is an answer, and is not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """One user's session with the server."""

    def __init__(self, address: str) -> None:
        self._address, self._cookies = address, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies), _Stay)

    def get(self, path: str) -> tuple[int, str]:
        """Status, and the page or the address it leads to."""
        return self._send(urllib.request.Request(self._address + path))

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[int, str]:
        """As a form does; `file` is the name and the content of one that goes with it."""
        fields = {**fields, "csrfmiddlewaretoken": self._cookie("csrftoken")}
        if file is None:
            body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = _multipart(fields, *file), f"multipart/form-data; boundary={_BOUNDARY}"
        return self._send(urllib.request.Request(self._address + path, body, {"Content-Type": kind}))

    def post_json(self, path: str, content: dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
        body = json.dumps(content).encode()
        return self._send(
            urllib.request.Request(self._address + path, body, {"Content-Type": "application/json", **headers})
        )

    def sign_in(self, user: str, secret: str) -> None:
        """With the password and the six digits. Raises NoAnswer when it must be tried again."""
        self._cookies.clear()
        self.get("/console/sign-in/")
        status, _ = self.post("/console/sign-in/", {"username": user, "password": PASSWORD})
        if status != 302:
            raise NoAnswer(f"sign-in {status}")
        self.get("/console/second-factor/")
        status, _ = self.post("/console/second-factor/", {"digits": digits(secret, time.time())})
        if status != 302:
            # Digits are taken once: the app shows others soon.
            time.sleep(_STEP - time.time() % _STEP + 1)
            raise NoAnswer(f"second factor {status}")

    def _cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self._cookies if cookie.name == name), "")

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise NoAnswer(f"HTTP {error.code}") from error
            return error.code, error.headers.get("Location") or error.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(_kind(error)) from error


def refused_unless(answer: tuple[int, str], *good: int) -> str:
    """The page of an answer with one of these statuses. Raises Refused for any other, NoAnswer when signed out."""
    status, text = answer
    if status == 302 and "/sign-in/" in text:
        raise NoAnswer("signed out")
    if status not in good:
        raise Refused(f"HTTP {status}")
    return text


def _kind(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return type(reason).__name__ if isinstance(reason, Exception) else type(error).__name__


def _multipart(fields: dict[str, str], name: str, content: bytes) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    return b"".join(
        [*parts, head.encode(), b"Content-Type: text/csv\r\n\r\n", content, f"\r\n--{_BOUNDARY}--\r\n".encode()]
    )
