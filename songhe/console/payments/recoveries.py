"""What people owe back: how each is settled, set off against later dues, repaid or waived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show, staff
from songhe.console.payments.decided import decided_by
from songhe.console.payments.deeds import filled
from songhe.console.payments.forms import DOCUMENT, FenField, choice
from songhe.console.payments.lookup import found, may
from songhe.console.payments.words import fund_name, item_name, label, package_of, whose
from songhe.pages.keyset import window
from songhe.payment.domain.recoveries import end_plan, outstanding, repay, state_plan, waive
from songhe.payment.models import Claim, Entry, Posting, RecoveryPlan
from songhe.payment.receivables import open_recoveries, recoveries_for

_OPEN, _ALL = "", "all"


class Filters(Form):
    which = choice(say("范围", "Which"), [(_OPEN, say("未结清", "Open")), (_ALL, say("全部", "All"))], required=False)


@staff(Action.PAYMENT_READ)
def recovery_list(request: HttpRequest) -> HttpResponse:
    form = Filters(request.GET)
    every = form.is_valid() and form.cleaned_data["which"] == _ALL
    claims = (recoveries_for if every else open_recoveries)(request.user).select_related("fund")
    page = window(claims, by="pk", falling=True, cursor=request.GET.get("cursor", ""))
    rows = _rows(page.rows)
    answer = show(request, "payments/recoveries.html", {"form": form, "window": page, "rows": rows})
    if rows:
        append(user=request.user, action="payment.listed", subject_kind="recoveries", details={"count": len(rows)})
    return answer


def _rows(claims: Any) -> list[dict[str, Any]]:
    shown = list(claims)
    names = whose(shown)
    packages = {hash: package_of(hash) for hash in {one.package for one in shown}}
    plans = {one.claim_id: one for one in _plans_of(shown)}
    return [
        {
            "claim": one,
            "owed": -one.fen,
            "left": one.left,
            "who": names[one.pk],
            "item": item_name(one.item, packages[one.package]),
            "fund": fund_name(one.fund),
            "plan": plans.get(one.pk),
        }
        for one in shown
    ]


def _plans_of(claims: list[Claim]) -> QuerySet[RecoveryPlan]:
    """The plans in force; `together` is how many recoveries share the monthly limit of each, 0 where it has its own."""
    sharing = Count("settlement__carried", filter=Q(settlement__carried__ended_by=None))
    return RecoveryPlan.objects.filter(claim__in=claims, ended_by=None).annotate(together=sharing)


def _claim(request: HttpRequest, claim_id: int, action: Action = Action.PAYMENT_READ) -> Claim:
    return found(request, Claim.objects.filter(fen__lt=0).select_related("fund"), claim_id, action)


@staff(Action.PAYMENT_READ)
def recovery_page(request: HttpRequest, claim_id: int) -> HttpResponse:
    claim = _claim(request, claim_id)
    claim.left = outstanding(claim)
    (row,) = _rows([claim])
    context = {
        **row,
        "decided": decided_by(request.user, [claim])[claim.pk],
        "plans": list(claim.plans.select_related("stated_by", "ended_by").order_by("-pk")),
        "moves": _moves(claim),
        "makes": may(request, claim, Action.PAYMENT_MAKE),
        "waives": may(request, claim, Action.PAYMENT_APPROVE),
        # Whoever sees the people of a town may not see the county's funds and entries.
        "reads_fund": may(request, claim.fund, Action.PAYMENT_READ),
    }
    answer = show(request, "payments/recovery.html", context)
    append(
        user=request.user,
        action="payment.listed",
        subject_kind="recovery",
        subject_id=claim.pk,
        division=claim.fund.division_id,
        details={"count": 1},
    )
    return answer


def _moves(claim: Claim) -> list[dict[str, Any]]:
    """What was settled of it so far, entry by entry."""
    on_it = Posting.objects.filter(claim=claim, account__kind="recovery").select_related("entry__user")
    return [
        {"entry": one.entry, "kind": label(Entry.Kind, one.entry.kind), "fen": one.fen} for one in on_it.order_by("pk")
    ]


class Plan(Form):
    per_month = FenField(label=say("每月最多抵扣（元）", "At most so much a month, in yuan"))
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)


class Repayment(Form):
    fen = FenField(label=say("退还金额（元）", "Sum repaid, in yuan"))
    document = forms.CharField(label=DOCUMENT, max_length=120)


class Waiver(Form):
    fen = FenField(label=say("核销金额（元）", "Sum waived, in yuan"))
    document = forms.CharField(label=DOCUMENT, max_length=120)
    reason = forms.CharField(label=say("事由", "Reason"), max_length=200)


def _plan(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = Plan(given(request))
    if form.is_valid():
        with telling(form):
            state_plan(by=request.user, claim=claim, **form.cleaned_data)
            return done(request, say("抵扣计划已登记。", "The plan is recorded."), _back(claim))
    hint = say(
        "从同一人、同一项目、同一资金以后的应付中抵扣，每月不超过此数；原计划随之终止。",
        "Kept back of later dues of the same person, item and fund, at most so much a month; it ends the plan before.",
    )
    return _asked(request, claim, form, say("制定抵扣计划", "Plan how to set it off"), hint)


def _repay(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = Repayment(given(request), initial={"fen": _plain(outstanding(claim))})
    if form.is_valid():
        with telling(form):
            entry = repay(by=request.user, claim=claim, **form.cleaned_data)
            return done(request, say(f"退还已入账，凭证{entry.pk}。", f"Booked as entry {entry.pk}."), _back(claim))
    hint = say("本人或继承人退回的钱，回到原资金。", "Given back by the person or the heirs; it is in the fund again.")
    return _asked(request, claim, form, say("登记退还", "Record a repayment"), hint)


def _waive(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = Waiver(given(request), initial={"fen": _plain(outstanding(claim))})
    if form.is_valid():
        with telling(form):
            entry = waive(by=request.user, claim=claim, **form.cleaned_data)
            return done(request, say(f"已核销，凭证{entry.pk}。", f"Waived; entry {entry.pk}."), _back(claim))
    hint = say("不能追回的款项，凭文件核销；账目保留。", "What cannot be recovered, on paper; the books keep it.")
    return _asked(request, claim, form, say("核销", "Waive"), hint)


def _plain(fen: int) -> str:
    return format_yuan(fen).removesuffix("元").replace(",", "")


def _end(request: HttpRequest, claim: Claim) -> HttpResponse:
    plan = RecoveryPlan.objects.filter(claim=claim, ended_by=None).first()
    if plan is None:
        raise Http404
    form = Form(given(request))
    if form.is_valid():
        with telling(form):
            end_plan(by=request.user, plan=plan)
            return done(request, say("抵扣计划已终止。", "The plan is ended."), _back(claim))
    question = Question(
        title=say("终止抵扣计划", "End the plan"),
        points=[say("以后不再抵扣，余款仍为应收。", "Nothing more is set off; what is left stays receivable.")],
        button=say("终止", "End it"),
        back=_back(claim),
    )
    return ask(request, question, form)


def _asked(request: HttpRequest, claim: Claim, form: Form, title: Text, hint: Text) -> HttpResponse:
    crumbs = ((reverse("console:recoveries"), say("追回台账", "Recovery ledger")),)
    return filled(request, form, title, _back(claim), hint, *crumbs)


def _back(claim: Claim) -> str:
    return reverse("console:recovery", args=[claim.pk])


_STEPS: Mapping[str, tuple[Action, Callable[[HttpRequest, Claim], HttpResponse]]] = {
    "plan": (Action.PAYMENT_MAKE, _plan),
    "end": (Action.PAYMENT_MAKE, _end),
    "repay": (Action.PAYMENT_MAKE, _repay),
    "waive": (Action.PAYMENT_APPROVE, _waive),
}


@staff(Action.PAYMENT_MAKE, Action.PAYMENT_APPROVE, methods=READ_AND_WRITE)
def recovery_step(request: HttpRequest, claim_id: int, settlement: str) -> HttpResponse:
    if settlement not in _STEPS:
        raise Http404
    action, view = _STEPS[settlement]
    return view(request, _claim(request, claim_id, action))
