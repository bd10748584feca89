"""Making a batch: what waits to be paid, what the batch would be and whom it leaves out, and then making it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.accounts.domain.audit import append
from songhe.accounts.scope import visible
from songhe.common.money import format_yuan
from songhe.common.text import Text, say
from songhe.console.acting import done, given, telling
from songhe.console.forms import Form
from songhe.console.page import show
from songhe.console.payments.forms import ManyField, MonthField, offer
from songhe.console.payments.words import fund_name, item_name, left_out_of, package_in
from songhe.console.places import names_of
from songhe.payment.domain.making import NO_ACCOUNT, LeftOut
from songhe.payment.domain.previewing import Preview, Wanted, make_as_seen, preview_batch
from songhe.payment.dues import Open, open_dues
from songhe.payment.models import Fund, PayingAccount

_SHOWN = 200
WHY = {
    NO_ACCOUNT: say("没有登记银行账号或姓名", "no bank account or no name on file"),
    "not_corrected": say("退汇后账户还没有更正", "the account was not stated anew since it came back"),
}


class NewBatch(Form):
    title = forms.CharField(label=say("批次名称", "Title"), max_length=60)
    funds = ManyField(label=say("资金", "Funds"))
    items = ManyField(label=say("项目", "Items"))
    first_month = MonthField(label=say("起始月份", "First month"))
    last_month = MonthField(label=say("截止月份（含）", "Last month (included)"))

    @property
    def fund_problems(self) -> list[Text]:
        return self.problems_of("funds")

    @property
    def item_problems(self) -> list[Text]:
        return self.problems_of("items")

    def clean(self) -> None:
        asked = self.cleaned_data
        if not self.errors and asked["last_month"] < asked["first_month"]:
            self.add_problem("last_month", say("截止月份早于起始月份。", "It lies before the first month."))


def new_batch(request: HttpRequest) -> HttpResponse:
    """The account first: it says which office pays, and so which funds there are."""
    held = visible(PayingAccount.objects.order_by("division_id", "pk"), request.user, Action.PAYMENT_MAKE)
    accounts = {str(one.pk): one for one in held}
    places = names_of(one.division_id for one in accounts.values())
    chosen = request.POST.get("account") or request.GET.get("account", "")
    account = accounts.get(chosen) or next(iter(accounts.values()), None)
    options = [(key, f"{places[one.division_id]} {one.name}") for key, one in accounts.items()]
    if account is None:
        return show(request, "payments/new_batch.html", {"options": options})
    dues = open_dues(account.division_id)
    names = {one.item: item_name(one.item, package_in(account.division_id)) for one in dues}
    form = _form(request, dues, names)
    context = {"options": options, "account": account, "form": form, "dues": _rows(dues, names)}
    if form.is_valid():
        wanted = _wanted(form, account)
        with telling(form):
            if "make" in request.POST:
                return _made(request, wanted)
            return _previewed(request, form, wanted, names)
    return show(request, "payments/new_batch.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, dues: list[Open], names: dict[str, Text]) -> NewBatch:
    initial: dict[str, Any] = {}
    funds = {one.fund.pk: one.fund for one in dues}
    if dues:
        initial = {
            "first_month": min(one.first for one in dues),
            "last_month": max(one.last for one in dues),
            "funds": [str(fund) for fund in funds],
            "items": list(names),
        }
    form = NewBatch(None if "edit" in request.POST else given(request), initial=initial)
    offer(form.fields["funds"], [(str(pk), fund_name(fund)) for pk, fund in funds.items()])
    offer(form.fields["items"], list(names.items()))
    if "edit" in request.POST:
        form.initial = {**initial, **{name: request.POST[name] for name in ("title", "first_month", "last_month")}}
        form.initial |= {name: request.POST.getlist(name) for name in ("funds", "items")}
    return form


def _rows(dues: list[Open], names: dict[str, Text]) -> list[dict[str, Any]]:
    return [{"at": one, "fund": fund_name(one.fund), "item": names[one.item]} for one in dues]


def _wanted(form: NewBatch, account: PayingAccount) -> Wanted:
    asked = form.cleaned_data
    return Wanted(
        title=asked["title"],
        paid_from=account,
        funds=list(Fund.objects.filter(pk__in=asked["funds"])),
        items=asked["items"],
        first_month=asked["first_month"],
        last_month=asked["last_month"],
    )


def _previewed(request: HttpRequest, form: NewBatch, wanted: Wanted, names: dict[str, Text]) -> HttpResponse:
    seen = preview_batch(by=request.user, wanted=wanted)
    context = {
        "form": form,
        "wanted": wanted,
        "seen": seen,
        "sums": [{"fund": fund_name(one.fund), "item": names[one.item], "fen": one.fen} for one in seen.sums],
        "left_out": left_out(seen.left_out[:_SHOWN]),
        "more": max(0, len(seen.left_out) - _SHOWN),
    }
    answer = show(request, "payments/preview.html", context)
    if seen.left_out:
        _listed(request, seen, wanted)
    return answer


def _listed(request: HttpRequest, seen: Preview, wanted: Wanted) -> None:
    append(
        user=request.user,
        action="payment.listed",
        subject_kind="left_out",
        division=wanted.paid_from.division_id,
        details={"count": min(len(seen.left_out), _SHOWN)},
    )


def left_out(people: Any) -> list[dict[str, Any]]:
    """Who is not paid, how much, and why."""
    shown: list[LeftOut] = list(people)
    return [
        {"who": who, "fen": one.fen, "why": WHY[one.why]} for one, who in zip(shown, left_out_of(shown), strict=True)
    ]


def _made(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    lines, fen = (_number(request.POST.get(name, "")) for name in ("lines", "fen"))
    made = make_as_seen(by=request.user, wanted=wanted, lines=lines, fen=fen)
    if made.batch is None:
        text = say("全部用于抵扣追回款，没有编制批次。", "All of it was set off; there is no batch.")
        return done(request, text, reverse("console:batches"))
    kept = format_yuan(made.set_off)
    zh = f"批次{made.batch.pk}已编制，待另一人复核。" + (f"抵扣{kept}。" if made.set_off else "")
    en = f"Batch {made.batch.pk} is made; somebody else checks it." + (f" {kept} were set off." if made.set_off else "")
    return done(request, say(zh, en), reverse("console:batch", args=[made.batch.pk]))


def _number(text: str) -> int:
    """What the preview showed; a text that is none fits no batch."""
    return int(text) if text.isascii() and text.isdigit() else -1
