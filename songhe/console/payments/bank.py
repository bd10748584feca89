"""Between us and the bank: the file of a batch, and what the bank answered."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, never_stored, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.batches import head
from songhe.console.payments.forms import choice
from songhe.console.payments.lookup import found
from songhe.console.payments.steps import page
from songhe.console.payments.words import label
from songhe.payment.domain.answering import Foreseen, foresee, import_answers
from songhe.payment.domain.exporting import PAIN001, export_batch
from songhe.payment.errors import PaymentError
from songhe.payment.files.answers import AnswersRead, read_pain002, read_table
from songhe.payment.files.formats import answer_format, answer_formats, table_format, table_formats
from songhe.payment.holding import held, hold, let_go
from songhe.payment.models import Batch, Discrepancy

_PAIN002 = "pain.002"
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
_SHOWN = 200


class Export(Form):
    form = choice(say("文件格式", "Format"), [])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(name, table_format(name).name) for name in table_formats()]
        options.append((PAIN001, say("ISO 20022 付款指令（pain.001）", "ISO 20022 payment order (pain.001)")))
        self.fields["form"].options = tuple(options)
        self.fields["form"].choices = [(name, name) for name, _ in options]


def export(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The file goes to the browser and nowhere else."""
    form = Export(given(request))
    if form.is_valid():
        chosen, target = form.cleaned_data["form"], io.BytesIO()
        with telling(form):
            export_batch(by=request.user, batch=batch, form=chosen, target=target)
            kind = "xml" if chosen == PAIN001 else table_format(chosen).kind
            answer = HttpResponse(target.getvalue(), content_type=_TYPES[kind])
            answer.headers["Content-Disposition"] = f'attachment; filename="{batch.message_id}.{kind}"'
            return never_stored(answer)
    return show(request, "payments/export.html", {**head(batch), "form": form}, status=422 if form.is_bound else 200)


class AnswerUpload(Form):
    form = choice(say("文件格式", "Format"), [])
    file = forms.FileField(label=say("回单文件", "The bank's answer"), allow_empty_file=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(name, answer_format(name).name) for name in answer_formats()]
        options.append((_PAIN002, say("ISO 20022 状态报告（pain.002）", "ISO 20022 status report (pain.002)")))
        self.fields["form"].options = tuple(options)
        self.fields["form"].choices = [(name, name) for name, _ in options]


@staff(Action.PAYMENT_MAKE, methods=READ_AND_WRITE)
def answers(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A file is read and shown first; taken in once somebody has seen what it would do."""
    batch = found(request, Batch.objects.select_related("paid_from"), batch_id, Action.PAYMENT_MAKE)
    if "digest" in request.POST:
        return _apply(request, batch)
    sent = (given(request), request.FILES) if request.method == "POST" else ()
    form = AnswerUpload(*sent)
    if form.is_valid():
        with telling(form):
            content = form.cleaned_data["file"].read()
            chosen = form.cleaned_data["form"]
            read = _read(content, chosen)
            seen = foresee(by=request.user, batch=batch, digest=read.digest, answers=read.answers)
            context = {**head(batch), "read": read, "chosen": chosen, **_shown(seen)}
            hold(batch, content)
            return never_stored(show(request, "payments/answers_seen.html", context))
    return show(request, "payments/answers.html", {**head(batch), "form": form}, status=422 if form.is_bound else 200)


def _read(content: bytes, form: str) -> AnswersRead:
    return read_pain002(content) if form == _PAIN002 else read_table(content, answer_format(form))


def _shown(seen: Foreseen) -> dict[str, Any]:
    return {
        "seen": seen,
        "bounced": seen.bounced[:_SHOWN],
        "more_bounced": max(0, len(seen.bounced) - _SHOWN),
        "misfits": [{"at": one, "kind": label(Discrepancy.Kind, one.kind)} for one in seen.misfits[:_SHOWN]],
        "more_misfits": max(0, len(seen.misfits) - _SHOWN),
    }


def _apply(request: HttpRequest, batch: Batch) -> HttpResponse:
    digest, chosen = request.POST["digest"], request.POST.get("form", "")
    try:
        read = _read(held(batch, digest), chosen)
        said = import_answers(by=request.user, batch=batch, digest=read.digest, answers=read.answers)
    except PaymentError as error:
        context = {**head(batch), "form": AnswerUpload(), "problem": say(error.zh, error.en)}
        return show(request, "payments/answers.html", context, status=422)
    let_go(batch, digest)
    text = say(
        f"回单已导入：成功{said.paid}笔，退汇{said.bounced}笔，不符{said.discrepancies}笔。",
        f"Taken in: {said.paid} paid, {said.bounced} returned, {said.discrepancies} that do not fit.",
    )
    return done(request, text, page(batch))


def to_answers(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Files are sent to an address of their own, which takes larger requests than the others."""
    return HttpResponseRedirect(reverse("console:batch-answers", args=[batch.pk]))
