"""Signing in: the number, then the six digits; from a message or from the counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.citizens.domain.codes import DIGITS, send_code
from songhe.citizens.domain.sittings import Visit, sign_in, sign_out
from songhe.citizens.errors import CodeError
from songhe.citizens.finding import key_of, phone_of
from songhe.common.text import Text, say
from songhe.portal.my.door import COOKIE, READ_AND_WRITE, TICKET, WRITE, drop, go, keep, kept, mine, open_to_all, show
from songhe.portal.problems import Problem

WRONG_INPUT, TOO_OFTEN = 422, 429
_NUMBER = say("身份证号码", "Resident number")
_PHONE = say("您自己的手机号", "Your own telephone")
_CODE = say("登录码", "Code")
_BAD_NUMBER = say("请写18位身份证号码，最后一位可能是X，请核对。", "Write all 18 characters; the last may be an X.")
_BAD_PHONE = say("请写您自己的手机号码。", "Please write your own telephone number.")
_WRONG = say(
    "登录码不对，或者已经过期。请再看一遍；也可以重新获取。",
    "The code is wrong, or its time is over. Look again, or ask for a new one.",
)


@open_to_all(READ_AND_WRITE)
def enter_number(request: HttpRequest) -> HttpResponse:
    """Whose pages; the code goes to a telephone on file, if it fits. The answer is the same if it does not."""
    if request.method != "POST":
        return show(request, "sign_in.html", {"who": "self"})
    number, who, written = (request.POST.get(name, "").strip()[:40] for name in ("number", "who", "phone"))
    key, phone = key_of(number), phone_of(written) if who == "family" else None
    problems = _problems(number=_BAD_NUMBER if key is None else None)
    if who == "family" and phone is None:
        problems.append(Problem("f-phone", _PHONE, _BAD_PHONE))
    context = {"who": who, "number": number, "phone": written}
    if key is None or problems:
        return show(request, "sign_in.html", context | {"problems": problems}, status=WRONG_INPUT)
    try:
        send_code(key=key, phone=phone, address=_address(request))
    except CodeError as error:
        return _too_often(request, "sign_in.html", context, "number", error)
    response = go(request, "my-code")
    keep(response, TICKET, key)
    return response


@open_to_all(READ_AND_WRITE)
def enter_code(request: HttpRequest) -> HttpResponse:
    """The digits of the message; whose they are was said on the page before."""
    key = kept(request, TICKET)
    if not key:
        return go(request, "my-sign-in")
    if request.method != "POST":
        return show(request, "code.html", {"counter": False})
    return _open(request, key, {"counter": False})


@open_to_all(READ_AND_WRITE)
def enter_counter_code(request: HttpRequest) -> HttpResponse:
    """The number and the digits that staff gave."""
    if request.method != "POST":
        return show(request, "code.html", {"counter": True})
    number = request.POST.get("number", "").strip()[:40]
    key = key_of(number)
    context = {"counter": True, "number": number}
    if key is None:
        problems = _problems(number=_BAD_NUMBER)
        return show(request, "code.html", context | {"problems": problems}, status=WRONG_INPUT)
    return _open(request, key, context)


@mine("退出", WRITE)
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    sign_out(visit)
    response = go(request, "my-sign-in")
    drop(response, COOKIE)
    return response


def _open(request: HttpRequest, key: str, context: dict[str, object]) -> HttpResponse:
    digits = "".join(part for part in request.POST.get("code", "") if part.isdecimal())[: DIGITS + 1]
    try:
        token = sign_in(key=key, digits=digits, address=_address(request))
    except CodeError as error:
        return _too_often(request, "code.html", context, "code", error)
    if token is None:
        return show(request, "code.html", context | {"problems": _problems(code=_WRONG)}, status=WRONG_INPUT)
    response = go(request, "my")
    keep(response, COOKIE, token)
    drop(response, TICKET)
    return response


def _too_often(
    request: HttpRequest, template: str, context: dict[str, object], field: str, error: CodeError
) -> HttpResponse:
    problems = _problems(**{field: say(error.zh, error.en)})
    return show(request, template, context | {"problems": problems}, status=TOO_OFTEN)


def _problems(**texts: Text | None) -> list[Problem]:
    labels = {"number": _NUMBER, "phone": _PHONE, "code": _CODE}
    return [Problem(f"f-{name}", labels[name], text) for name, text in texts.items() if text is not None]


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
