"""The payments of a person: month by month what was owed, set off, paid or came back, each with its clause."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.accounts.scope import visible
from songhe.common.text import Text, say
from songhe.console.acting import never_stored
from songhe.console.page import show
from songhe.console.payments.decided import Decided, decided_by
from songhe.console.payments.lookup import may
from songhe.console.payments.payees import row_of
from songhe.console.payments.words import NOBODY, fund_name, item_name, label, package_of
from songhe.console.people.opening import head_of, of_person
from songhe.payment.history import Sending, Told, told_of
from songhe.payment.models import Batch, Claim, Payee
from songhe.payment.queries import claims_of, owed_by, owed_to
from songhe.registry.domain.reading import note_reading
from songhe.registry.groups import group_of
from songhe.registry.models import Person

_IN_A_BATCH = {"draft", "checked", "approved", "exported"}


@of_person(Action.PAYMENT_READ)
def payments(request: HttpRequest, person: Person) -> HttpResponse:
    told = told_of(claims_of(person))
    packages = {hash: package_of(hash) for hash in {one.claim.package for one in told}}
    newest = sorted(told, key=lambda one: (one.claim.month, one.claim.pk), reverse=True)
    decided = decided_by(request.user, [one.claim for one in told])
    months = [
        {"month": month, "rows": [_row(one, packages, decided[one.claim.pk]) for one in group]}
        for month, group in groupby(newest, key=lambda one: one.claim.month)
    ]
    batches = {sending.batch for one in told for sending in one.sendings}
    context = {
        "person": person,
        "head": head_of(person),
        "part": "payments",
        "may_write": may(request, person, Action.PERSON_WRITE),
        "makes": may(request, person, Action.PAYMENT_MAKE),
        "months": months,
        "owed": owed_to(person),
        "owes": owed_by(person),
        "paid": sum(one.paid for one in told),
        "set_off": sum(one.set_off for one in told),
        "waiting": sum(one.waiting for one in told),
        "payees": [row_of(one, NOBODY) for one in _payees(person)],
        "reachable": set(
            visible(Batch.objects.filter(pk__in=batches), request.user, Action.PAYMENT_READ).values_list(
                "pk", flat=True
            )
        ),
    }
    answer = show(request, "people/payments.html", context)
    note_reading(user=request.user, person=person, part="payments")
    return never_stored(answer)


def _payees(person: Person) -> Any:
    related = ("stated_by", "approved_by", "ended_by")
    return Payee.objects.filter(person__in=group_of(person.pk)).select_related(*related).order_by("-pk")


def _row(one: Told, packages: dict[str, Any], decided: Decided) -> dict[str, Any]:
    claim: Claim = one.claim
    return {
        "told": one,
        "fen": abs(claim.fen),
        "item": item_name(claim.item, packages[claim.package]),
        "fund": fund_name(claim.fund),
        # The name of an item ends with its own mark, which often is the clause.
        "clause": "" if claim.clause == claim.item.partition("#")[0] else claim.clause,
        "decided": decided,
        "sendings": [{"at": sending, "said": _said(sending)} for sending in one.sendings],
    }


def _said(sending: Sending) -> Text:
    if sending.back_on:
        why = f"：{sending.why_back}" if sending.why_back else ""
        because = f": {sending.why_back}" if sending.why_back else ""
        return say(f"退汇{why}", f"came back{because}")
    if sending.paid_on:
        return say("已入账", "paid")
    if sending.state == Batch.State.CANCELLED:
        return say("批次已作废", "the batch was cancelled")
    if sending.state in _IN_A_BATCH:
        state = label(Batch.State, sending.state)
        return say(f"已入批次（{state.zh}）", f"in a batch ({state.en})")
    return say("银行处理中", "with the bank")
