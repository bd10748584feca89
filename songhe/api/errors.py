"""Every refusal in one form: `{"detail": {"zh": …, "en": …}}`, and nothing of what was sent in it."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from songhe.accounts.scope import OutOfScope
from songhe.api.domain.answers import KeyReused
from songhe.intake.problems import FileRefused
from songhe.registry.sources.mapping import UnknownSource

_WORDS: dict[int, tuple[str, str]] = {
    400: ("请求有误", "The request cannot be read."),
    401: ("请提供有效的令牌", "Give a valid token."),
    403: ("不在您的权限范围内", "Not within your scope."),
    404: ("没有找到", "Not found."),
    409: ("此幂等键已用于另一个请求", "This Idempotency-Key came before with another request."),
    500: ("内部错误", "An internal error."),
}
_log = logging.getLogger("django.songhe.api")


def answer_errors(api: NinjaAPI) -> None:
    """Make the API answer every error in its own form."""

    def answer(request: HttpRequest, status: int, zh: str, en: str, **more: Any) -> HttpResponse:
        return api.create_response(request, {"detail": {"zh": zh, "en": en}, **more}, status=status)

    def known(status: int) -> Any:
        return lambda request, error: answer(request, status, *_WORDS[status])

    for kind, status in (
        (Http404, 404),
        (OutOfScope, 403),
        (KeyReused, 409),
    ):
        api.add_exception_handler(kind, known(status))

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, *_WORDS.get(error.status_code, _WORDS[400]))

    @api.exception_handler(FileRefused)
    @api.exception_handler(UnknownSource)
    def refused(request: HttpRequest, error: FileRefused | UnknownSource) -> HttpResponse:
        return answer(request, 422, error.zh, error.en)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Where and of what kind; the value that was sent stays out.
        places = [{"at": [str(part) for part in one["loc"]], "kind": one["type"]} for one in error.errors]
        return answer(request, 422, "请求不符合接口说明", "The request is not as documented.", errors=places)

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        _log.error("api: internal error", exc_info=error)
        return answer(request, 500, *_WORDS[500])
