"""Which page an address of several leads to: the steps of a batch, and what can be begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, done, given, telling
from songhe.console.page import actions_held, staff
from songhe.console.payments import bank, bounced, steps
from songhe.console.payments.batches import lines_page
from songhe.console.payments.deeds import new_account, new_fund
from songhe.console.payments.forms import Reason
from songhe.console.payments.lookup import found
from songhe.console.payments.making import new_batch
from songhe.console.payments.sources import new_source
from songhe.console.payments.words import label
from songhe.payment.domain.reconciling import explain
from songhe.payment.models import Batch, Discrepancy

BatchView = Callable[[HttpRequest, Batch], HttpResponse]

_STEPS: Mapping[str, tuple[Action, BatchView]] = {
    "lines": (Action.PAYMENT_READ, lines_page),
    "check": (Action.PAYMENT_CHECK, steps.check),
    "approve": (Action.PAYMENT_APPROVE, steps.approve),
    "cancel": (Action.PAYMENT_MAKE, steps.cancel),
    "export": (Action.PAYMENT_MAKE, bank.export),
    "send": (Action.PAYMENT_MAKE, steps.send),
    "answer": (Action.PAYMENT_MAKE, bank.to_answers),
    "reconcile": (Action.PAYMENT_CHECK, steps.reconcile_page),
    "close": (Action.PAYMENT_CHECK, steps.close),
    "again": (Action.PAYMENT_MAKE, bounced.again),
}
_NEW: Mapping[str, tuple[Action, Callable[[HttpRequest], HttpResponse]]] = {
    "batch": (Action.PAYMENT_MAKE, new_batch),
    "fund": (Action.PAYMENT_MAKE, new_fund),
    "account": (Action.PAYMENT_APPROVE, new_account),
    "source": (Action.PAYMENT_MAKE, new_source),
}
_BATCHES = Batch.objects.select_related("maker", "checker", "cancelled_by", "paid_from")


@staff(Action.PAYMENT_READ, methods=READ_AND_WRITE)
def batch_step(request: HttpRequest, batch_id: int, step: str) -> HttpResponse:
    if step not in _STEPS:
        raise Http404
    action, view = _STEPS[step]
    return view(request, found(request, _BATCHES, batch_id, action))


@staff(Action.PAYMENT_MAKE, Action.PAYMENT_APPROVE, methods=READ_AND_WRITE)
def new_thing(request: HttpRequest, thing: str) -> HttpResponse:
    if thing not in _NEW or _NEW[thing][0] not in actions_held(request):
        raise Http404
    return _NEW[thing][1](request)


@staff(Action.PAYMENT_CHECK, methods=READ_AND_WRITE)
def explain_discrepancy(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    every = Discrepancy.objects.select_related("batch")
    one, form = found(request, every, discrepancy_id, Action.PAYMENT_CHECK), Reason(given(request))
    if form.is_valid():
        with telling(form):
            explain(by=request.user, discrepancy=one, reason=form.cleaned_data["reason"])
            return done(request, say("差异已说明。", "The difference is explained."), steps.page(one.batch))
    return steps.explain_form(request, one, form, label(Discrepancy.Kind, one.kind))
