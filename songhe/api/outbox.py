"""The operator's gateway: takes messages under a lease and says what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from songhe.accounts.models import User
from songhe.api.auth import Token
from songhe.api.schemas import BatchOut, Problem, ReportsIn, ReportsOut, TakeIn
from songhe.outbox.domain.handing import Report, report, take

# By a machine's token alone: nobody who sits at a browser reads people's codes.
router = Router(tags=["outbox 短信"], auth=Token())
_REFUSALS = {401: Problem, 403: Problem, 422: Problem}


@router.post("/outbox/take", response={200: BatchOut, **_REFUSALS}, summary="取走待发短信 Take messages to send")
def take_messages(request: HttpRequest, body: TakeIn) -> Any:
    """Those that expire first. What is not reported by the end of the lease is handed out again, twice at most."""
    user: User = request.auth  # type: ignore[attr-defined]
    return take(user=user, number=body.number)


@router.post("/outbox/report", response={200: ReportsOut, **_REFUSALS}, summary="回报发送结果 Report on messages")
def report_messages(request: HttpRequest, body: ReportsIn) -> Any:
    """Answers in the order of the reports. The same report may be sent again."""
    user: User = request.auth  # type: ignore[attr-defined]
    said = [Report(one.id, one.lease, one.outcome == "delivered", one.error) for one in body.reports]
    return {"results": report(user=user, reports=said)}
