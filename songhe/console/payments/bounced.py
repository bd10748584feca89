"""What came back from the bank and waits: whom to ask for another account, and paying again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import may as may_somewhere
from songhe.common.money import format_yuan
from songhe.common.text import say
from songhe.console.acting import done, given, never_stored, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.batches import head, line_rows
from songhe.console.payments.steps import page
from songhe.pages.keyset import window
from songhe.payment.corrected import corrected
from songhe.payment.domain.reissuing import reissue
from songhe.payment.models import Batch, PaymentLine
from songhe.payment.queries import waiting


@staff(Action.PAYMENT_READ)
def bounced_list(request: HttpRequest) -> HttpResponse:
    """Of the people within reach; those whose account was stated anew are ready to be paid again."""
    lines = PaymentLine.objects.filter(pk__in=waiting(request.user).order_by().values("pk")).select_related("batch")
    found = window(lines, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    ready = corrected(found.rows)
    rows = [{**row, "is_ready": row["line"].pk in ready} for row in line_rows(found.rows)]
    context = {"window": found, "rows": rows, "makes": may_somewhere(request.user, Action.PAYMENT_MAKE)}
    answer = show(request, "payments/bounced.html", context)
    if rows:
        append(user=request.user, action="payment.listed", subject_kind="bounced", details={"count": len(rows)})
    return never_stored(answer)


_SHOWN = 200


class Again(Form):
    title = forms.CharField(label=say("新批次名称", "Title of the new batch"), max_length=60)


def again(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What came back and can be paid now, in a new batch under new numbers."""
    form = Again(given(request), initial={"title": f"{batch.title} 重发"[:60]})
    waits = list(PaymentLine.objects.filter(pk__in=_waiting(batch)))
    ready = corrected(waits)
    rows: list[dict[str, Any]] = [{**row, "is_ready": row["line"].pk in ready} for row in line_rows(waits[:_SHOWN])]
    if form.is_valid():
        with telling(form):
            made = reissue(by=request.user, batch=batch, title=form.cleaned_data["title"])
            if made.batch is not None:
                fen, number = format_yuan(made.batch.fen), made.batch.lines_number
                left = len(made.left_out)
                text = say(
                    f"批次{made.batch.pk}已编制：{number}笔，{fen}；{left}人账户未更正，仍待重发。",
                    f"Batch {made.batch.pk} is made: {number} lines, {fen}; {left} still wait for an account.",
                )
                return done(request, text, page(made.batch))
            form.add_problem(None, say("没有人更正了账户，不能重发。", "Nobody has stated another account yet."))
    context = {
        **head(batch),
        "form": form,
        "rows": rows,
        "ready": len(ready),
        "waits": len(waits),
        "more": max(0, len(waits) - _SHOWN),
    }
    answer = show(request, "payments/again.html", context, status=422 if form.is_bound else 200)
    append(
        user=request.user,
        action="payment.listed",
        subject_kind="bounced",
        division=batch.division_id,
        details={"count": len(rows)},
    )
    return never_stored(answer)


def _waiting(batch: Batch) -> Any:
    held = PaymentLine.objects.filter(batch=batch, answers__outcome="bounced", assignments__live=True)
    return held.order_by().values("pk")
