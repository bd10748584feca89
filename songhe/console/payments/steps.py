"""What is done with a batch on its way: checked, approved, cancelled, given to the bank, reconciled, closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show
from songhe.console.payments.batches import discrepancies, head
from songhe.console.payments.forms import FenField, Reason
from songhe.console.payments.words import fund_name, label
from songhe.payment.domain.approval import approve_batch, cancel_batch, check_batch, drawn
from songhe.payment.domain.reconciling import Difference, NotReconciled, close_batch, reconcile
from songhe.payment.domain.sending import send_batch
from songhe.payment.models import Batch, Discrepancy, Fund
from songhe.payment.outcomes import outcome_of
from songhe.payment.turns import lacking


def page(batch: Batch) -> str:
    return reverse("console:batch", args=[batch.pk])


class Check(Form):
    lines = forms.IntegerField(label=say("核对的笔数", "Number of lines you counted"), min_value=1)
    fen = FenField(label=say("核对的金额（元）", "Sum you found, in yuan"))


class Totals(Form):
    paid = FenField(label=say("银行已入账合计（元）", "Paid, by the bank's statement (yuan)"))
    returned = FenField(label=say("银行退汇合计（元）", "Returned, by the bank's statement (yuan)"))


def _filled(request: HttpRequest, batch: Batch, form: Form, title: Text, button: Text, hint: Text) -> HttpResponse:
    context = {**head(batch), "form": form, "title": title, "button": button, "hint": hint}
    return show(request, "payments/batch_form.html", context, status=422 if form.is_bound else 200)


def check(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = Check(given(request))
    if form.is_valid():
        with telling(form):
            check_batch(by=request.user, batch=batch, **form.cleaned_data)
            return done(request, say("已复核，待审批。", "Checked; it waits to be approved."), page(batch))
    hint = say(
        "请按纸面或另行统计的数字填写，与批次不符的不能通过。",
        "Give what you found on paper or counted yourself; it must be the batch's.",
    )
    return _filled(request, batch, form, say("复核", "Check"), say("复核无误", "It is right"), hint)


def approve(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            last = approve_batch(by=request.user, batch=batch)
            text = say("已审批，可以导出。", "Approved; it can be exported.")
            more = say("已审批，还须其他人审批。", "Approved by you; others must as well.")
            return done(request, text if last else more, page(batch))
    funds = Fund.objects.in_bulk(drawn(batch))
    taken = [
        say(
            f"从{fund_name(funds[fund]).zh}支出{format_yuan(fen)}",
            f"takes {format_yuan(fen)} from the {fund_name(funds[fund]).en}",
        )
        for fund, fen in drawn(batch).items()
    ]
    needed = lacking(batch)
    question = Question(
        title=say(f"审批批次{batch.pk} {batch.title}", f"Approve batch {batch.pk} {batch.title}"),
        points=[*_figures(batch), *taken, *([needed.text] if needed else [])],
        button=say("审批通过", "Approve"),
        back=page(batch),
        is_harmful=False,
    )
    return ask(request, question, form)


def _figures(batch: Batch) -> list[Text]:
    number, fen = batch.lines_number, format_yuan(batch.fen)
    return [say(f"{number}笔，共{fen}", f"{number} lines, {fen} in all")]


def cancel(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = Reason(given(request))
    if form.is_valid():
        with telling(form):
            cancel_batch(by=request.user, batch=batch, reason=form.cleaned_data["reason"])
            return done(request, say("批次已作废。", "The batch is cancelled."), page(batch))
    frees = say(
        "其中的应付款可以另编批次；已抵扣的追回款不退回。",
        "What it was to pay can go into another batch; what was set off stays set off.",
    )
    question = Question(
        title=say(f"作废批次{batch.pk} {batch.title}", f"Cancel batch {batch.pk} {batch.title}"),
        points=[*_figures(batch), frees],
        button=say("作废", "Cancel the batch"),
        back=page(batch),
    )
    return ask(request, question, form)


def send(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            send_batch(by=request.user, batch=batch)
            return done(request, say("已记为提交银行。", "It is recorded as given to the bank."), page(batch))
    question = Question(
        title=say(f"批次{batch.pk}已提交银行", f"Batch {batch.pk} was given to the bank"),
        points=[
            *_figures(batch),
            say(
                "请在文件确已交给银行以后再确认；此后不能作废，也不能再导出。",
                "Only once the bank has the file: afterwards it can be neither cancelled nor exported again.",
            ),
        ],
        button=say("确认已提交", "The bank has it"),
        back=page(batch),
    )
    return ask(request, question, form)


def reconcile_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The bank's totals beside ours; every difference is listed."""
    form = Totals(given(request))
    found: list[Difference] = []
    if form.is_valid():
        asked = form.cleaned_data
        with telling(form):
            try:
                reconcile(by=request.user, batch=batch, bank_paid=asked["paid"], bank_returned=asked["returned"])
            except NotReconciled as error:
                found = error.differences
            else:
                return done(request, say("核对相符，一分不差。", "It agrees to the fen."), page(batch))
    return _compared(request, batch, form, found)


def _compared(request: HttpRequest, batch: Batch, form: Form, found: list[Difference]) -> HttpResponse:
    context = {
        **head(batch),
        "form": form,
        "came": outcome_of(batch),
        "found": [{"at": one, "what": _what(one), "is_number": one.what == "unanswered"} for one in found],
        "discrepancies": [one for one in discrepancies(batch) if one["at"].explained_by_id is None],
    }
    return show(request, "payments/reconcile.html", context, status=422 if form.is_bound else 200)


_WHAT = {
    "unanswered": say("没有回单的笔数", "lines without an answer"),
    "paid": say("已入账", "paid"),
    "bounced": say("退汇", "returned"),
    "total": say("批次合计", "the batch as a whole"),
}


def _what(one: Difference) -> Text:
    return _WHAT[one.what] if one.what in _WHAT else label(Discrepancy.Kind, one.what)


def close(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            close_batch(by=request.user, batch=batch)
            return done(request, say("批次已关闭。", "The batch is closed."), page(batch))
    came = outcome_of(batch)
    waits = say(
        f"{came.waiting}笔退汇还没有重发，关闭后仍可重发。",
        f"{came.waiting} returned lines wait; they can be sent again later.",
    )
    question = Question(
        title=say(f"关闭批次{batch.pk} {batch.title}", f"Close batch {batch.pk} {batch.title}"),
        points=[*_figures(batch), *([waits] if came.waiting else [])],
        button=say("关闭", "Close"),
        back=page(batch),
        is_harmful=False,
    )
    return ask(request, question, form)


def explain_form(request: HttpRequest, one: Discrepancy, form: Reason, kind: Text) -> Any:
    """Asked once more before a difference is laid aside."""
    points = [
        say(f"流水号：{one.end_to_end or '—'}", f"Number: {one.end_to_end or '—'}"),
        kind,
        say(
            f"本方金额：{_sum(one.ours)}；银行金额：{_sum(one.banks)}",
            f"Ours: {_sum(one.ours)}; the bank's: {_sum(one.banks)}",
        ),
        say("说明后不再妨碍核对，说明留档。", "Once explained it no longer stands in the way; the words are kept."),
    ]
    title, button = say("说明差异", "Explain a difference"), say("记下说明", "Record it")
    question = Question(title=title, points=points, button=button, back=page(one.batch), is_harmful=False)
    return ask(request, question, form)


def _sum(fen: int | None) -> str:
    return "—" if fen is None else format_yuan(fen)
