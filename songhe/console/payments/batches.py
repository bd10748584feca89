"""Batches: the list by state, and a batch with its way, its people and its money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.models import User
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.acting import never_stored
from songhe.console.forms import Form
from songhe.console.page import page_of, show, staff
from songhe.console.payments.forms import choice
from songhe.console.payments.lookup import found, may
from songhe.console.payments.words import STEPS, fund_name, item_name, label, package_of, receivers
from songhe.console.places import names_of
from songhe.pages.keyset import window
from songhe.payment.domain.revealing import masked_account, reveal_account
from songhe.payment.dues import drawn_by
from songhe.payment.models import Answer, Approval, Batch, Discrepancy, PaymentLine
from songhe.payment.outcomes import Outcome, outcome_of, outcomes
from songhe.payment.queries import batches_for
from songhe.payment.turns import batches_waiting_for, lacking, turns

_ANY, _MINE = "", "mine"
_STATES = [(state.value, label(Batch.State, state.value)) for state in Batch.State]
S = Batch.State
# What has been done with a batch in each state, in order.
_WAY: Mapping[S, Text] = {
    S.DRAFT: say("编制", "Made"),
    S.CHECKED: say("复核", "Checked"),
    S.APPROVED: say("审批", "Approved"),
    S.EXPORTED: say("导出", "Exported"),
    S.SENT: say("提交银行", "Sent"),
    S.ANSWERED: say("回单", "Answered"),
    S.RECONCILED: say("核对", "Reconciled"),
    S.CLOSED: say("关闭", "Closed"),
}


class Filters(Form):
    state = choice(
        say("状态", "State"),
        [(_ANY, say("全部", "All")), (_MINE, say("待我办理", "Waiting for me")), *_STATES],
        required=False,
    )


@staff(Action.PAYMENT_READ)
def batch_list(request: HttpRequest) -> HttpResponse:
    form = Filters(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else _ANY
    every = batches_for(request.user).select_related("maker")
    if state == _MINE:
        every = every.filter(pk__in=batches_waiting_for(request.user).values("pk"))
    elif state:
        every = every.filter(state=state)
    page = window(every, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    places = names_of(one.division_id for one in page.rows)
    mine = set(
        batches_waiting_for(request.user).filter(pk__in=[one.pk for one in page.rows]).values_list("pk", flat=True)
    )
    rows = [
        {
            "batch": one,
            "place": places[one.division_id],
            "state": label(Batch.State, one.state),
            "is_mine": one.pk in mine,
        }
        for one in page.rows
    ]
    return show(request, "payments/batches.html", {"form": form, "window": page, "rows": rows, "filtered": bool(state)})


@staff(Action.PAYMENT_READ)
def batch_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    batch = found(request, _BATCHES, batch_id)
    came, drawn = outcome_of(batch), drawn_by(batch)
    packages = {hash: package_of(hash) for hash in {one.package for one in drawn}}
    context = {
        **head(batch),
        "way": way(batch),
        "turns": [{"at": one, "label": STEPS[one.step]} for one in turns(request.user, batch)],
        "lacking": lacking(batch),
        "deeds": deeds(batch),
        "drawn": [
            {"fund": fund_name(one.fund), "item": item_name(one.item, packages[one.package]), "fen": one.fen}
            for one in drawn
        ],
        "came": came,
        "discrepancies": discrepancies(batch),
        "checks": may(request, batch, Action.PAYMENT_CHECK),
        "makes": may(request, batch, Action.PAYMENT_MAKE),
        "reconciliations": list(batch.reconciliations.select_related("user").order_by("pk")),
    }
    return show(request, "payments/batch.html", context)


_BATCHES = Batch.objects.select_related("maker", "checker", "cancelled_by", "paid_from")


def head(batch: Batch) -> dict[str, Any]:
    """What stands above every page of a batch."""
    return {
        "batch": batch,
        "state": label(Batch.State, batch.state),
        "place": names_of([batch.division_id]).get(batch.division_id, ""),
        "account": masked_account(batch.paid_from.account),
    }


def way(batch: Batch) -> list[dict[str, Any]]:
    """What was done with a batch, what is next, and what is to come; nothing for one that was cancelled."""
    if batch.state == S.CANCELLED:
        return []
    next_one = list(_WAY).index(S(batch.state)) + 1
    return [
        {"label": text, "is_done": place < next_one, "is_here": place == next_one}
        for place, text in enumerate(_WAY.values())
    ]


def deeds(batch: Batch) -> list[tuple[Text, User | None, Any]]:
    """Who did what with a batch, and when."""
    done: list[tuple[Text, User | None, Any]] = [(say("编制", "Made"), batch.maker, batch.made_at)]
    if batch.checker:
        done.append((say("复核", "Checked"), batch.checker, batch.checked_at))
    for one in Approval.objects.filter(batch=batch).select_related("user").order_by("pk"):
        done.append((say("审批", "Approved"), one.user, one.at))
    for file in batch.answer_files.select_related("user").order_by("pk"):
        done.append((say("导入回单", "Took in the bank's answer"), file.user, file.at))
    for told in batch.reconciliations.select_related("user").order_by("pk"):
        done.append((say("核对", "Reconciled"), told.user, told.at))
    if batch.cancelled_by:
        done.append(
            (say(f"作废：{batch.cancel_reason}", f"Cancelled: {batch.cancel_reason}"), batch.cancelled_by, None)
        )
    return done


def discrepancies(batch: Batch) -> list[dict[str, Any]]:
    rows = Discrepancy.objects.filter(batch=batch).select_related("explained_by").order_by("pk")
    return [{"at": one, "kind": label(Discrepancy.Kind, one.kind)} for one in rows]


def lines_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The people of a batch, page by page: a line of the trail as every list of people is."""
    lines = visible(PaymentLine.objects.filter(batch=batch), request.user, Action.PAYMENT_READ)
    only = request.GET.get("only", "")
    if only in ("paid", "bounced"):
        lines = lines.filter(pk__in=Answer.objects.filter(line__batch=batch, outcome=only).values("line"))
    page = window(lines, by="pk", cursor=request.GET.get("cursor", ""))
    context = {**head(batch), "window": page, "rows": line_rows(page.rows), "only": only}
    context["may_reveal"] = may(request, batch, Action.PERSON_REVEAL) if page.rows else False
    answer = show(request, "payments/lines.html", context)
    details = {"count": len(page.rows), "batch": batch.pk}
    append(
        user=request.user,
        action="payment.listed",
        subject_kind="batch",
        subject_id=batch.pk,
        division=batch.division_id,
        details=details,
    )
    return never_stored(answer)


def line_rows(lines: Any) -> list[dict[str, Any]]:
    """Lines as a table shows them: whom they pay, to which account, and what became of them."""
    shown = list(lines)
    who, came = receivers(shown), outcomes(shown)
    return [
        {
            "line": one,
            "who": who[one.pk],
            "account": masked_account(one.account),
            "came": came.get(one.pk),
            "outcome": _outcome(came.get(one.pk)),
        }
        for one in shown
    ]


def _outcome(came: Outcome | None) -> Text:
    return say("—", "—") if came is None else label(Answer.Outcome, came.outcome)


@staff(Action.PERSON_REVEAL, methods=("POST",))
def show_account(request: HttpRequest, line_id: int) -> HttpResponse:
    """An account in full, this once: nothing keeps the answer, and the audit trail keeps that it was given."""
    line = found(request, PaymentLine.objects.select_related("batch"), line_id, Action.PERSON_REVEAL)
    text = reveal_account(by=request.user, line=line)
    if page_of(request).is_part:
        return never_stored(show(request, "people/sealed_part.html", {"text": text}))
    back = reverse("console:batch-step", args=[line.batch_id, "lines"])
    return never_stored(show(request, "payments/account.html", {"text": text, "back": back}))
