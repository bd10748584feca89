"""Pages for what went wrong, in both languages at once: the language asked for may be what is not known."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from songhe.common.text import Text, say
from songhe.portal.page import page_of


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _tell(
        request,
        400,
        say("这次提交的内容不能处理", "What was sent cannot be handled"),
        say(
            "内容太长或格式不对。请回到首页重新填写。",
            "It is too long or malformed. Please start again.",
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _tell(
        request,
        403,
        say("请从这里的页面提交", "Please send this from one of our pages"),
        say(
            "请回到上一页，刷新后再试；浏览器须允许 Cookie。",
            "Go back, load the page again; cookies must be allowed.",
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _tell(
        request,
        404,
        say("没有这个页面", "There is no such page"),
        say(
            "地址可能写错了，或者这个文件已经不在。",
            "The address may be mistyped, or the document is gone.",
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _tell(
        request,
        500,
        say("系统出错了", "Something went wrong here"),
        say(
            "不是您填错了。请稍后再试；您的回答没有被保存。",
            "It is not your fault. Try again later; nothing was kept.",
        ),
    )


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = _tell(
        request,
        405,
        say("这个页面不能这样打开", "This page cannot be opened like this"),
        say("请从首页进入。", "Please enter from the first page."),
    )
    response.headers["Allow"] = allowed
    return response


def _tell(request: HttpRequest, status: int, title: Text, text: Text) -> HttpResponse:
    context = {"page": page_of(request), "status": status, "title": title, "text": text}
    response = render(request, "portal/error.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
