"""Pages of the console for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.accounts.domain import audit
from songhe.accounts.scope import OutOfScope
from songhe.common.text import Text, say
from songhe.console.page import show


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = say("内容太长或格式不对，没有保存任何更改。", "It is too long or malformed; nothing was changed.")
    return _tell(request, 400, say("这次提交不能处理", "What was sent cannot be handled"), text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What lies out of scope is told to the audit trail as well."""
    user = getattr(request, "user", None)
    if isinstance(exception, OutOfScope) and user is not None and user.is_authenticated:
        audit.append(user=user, action="scope.refused", details={"wanted": f"{request.method} {request.path}"[:200]})
    text = say(
        "这不在您的角色或区划范围内。如工作需要，请找管理人员授权。",
        "It lies outside your roles or divisions. If your work needs it, ask a manager.",
    )
    return _tell(request, 403, say("您不能打开这个页面", "This page is not open to you"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = say(
        "地址可能写错了，或者它不在您的区划范围内。",
        "The address may be mistyped, or it lies outside your divisions.",
    )
    return _tell(request, 404, say("没有这个页面", "There is no such page"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    text = say("没有保存任何更改。请稍后再试。", "Nothing was changed. Try again later.")
    return _tell(request, 500, say("系统出错了", "Something went wrong here"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = say(
        "页面已过期，没有保存任何更改。请返回上一页刷新后重试。",
        "The page is out of date, and nothing was changed. Go back, reload and try again.",
    )
    return _tell(request, 403, say("请重试", "Please try again"), text)


def locked_out(request: HttpRequest, minutes: int) -> HttpResponse:
    text = say(
        f"密码错误次数过多，请在{minutes}分钟后重试，或请管理人员解锁。",
        f"Too many wrong passwords. Try again in {minutes} minutes, or ask a manager to unlock you.",
    )
    return _tell(request, 429, say("暂时不能登录", "You cannot sign in for now"), text)


def _tell(request: HttpRequest, status: int, title: Text, text: Text) -> HttpResponse:
    return show(request, "error.html", {"status": status, "title": title, "text": text}, status=status)
